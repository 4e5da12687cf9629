package dev.hone.profile;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What was done in some time, and how much of what the machine can do that is.
 *
 * @param giga operations of products a second, in thousands of millions
 * @param gigabytes bytes a second that had to be moved at the least, in thousands of millions
 * @param limitMillis the least milliseconds that the machine needs for it
 * @param shareOfLimit that, divided by the time that it took
 */
public record StepRate(
        @JsonProperty("giga_operations_per_second") double giga,
        @JsonProperty("gigabytes_per_second") double gigabytes,
        @JsonProperty("limit_ms") double limitMillis,
        double shareOfLimit) {
    /** The rate of work that took some milliseconds; zero when it took none. */
    static StepRate of(long operations, long bytes, double limitMillis, double millis) {
        double scale = millis > 0 ? 1 / (1e6 * millis) : 0;
        return new StepRate(operations * scale, bytes * scale, limitMillis, millis > 0 ? limitMillis / millis : 0);
    }
}

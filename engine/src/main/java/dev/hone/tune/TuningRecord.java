package dev.hone.tune;

import dev.hone.kernel.LinearSchedule;

/**
 * What tuning found for a problem on a kind of processor.
 *
 * @param problem its line, the instruction set included
 * @param processor the processor's own name
 * @param schedule the quickest schedule; the usual one where nothing was surely quicker
 * @param gain measured against the usual schedule
 * @param time when, in ISO 8601
 */
public record TuningRecord(String problem, String processor, LinearSchedule schedule, Gain gain, String time) {}

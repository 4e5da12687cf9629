/** Latency and throughput of engines beside each other, with intervals and the machine they were taken on. */
@NullMarked
package dev.hone.measure;

import org.jspecify.annotations.NullMarked;

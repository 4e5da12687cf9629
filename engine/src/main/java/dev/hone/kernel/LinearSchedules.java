package dev.hone.kernel;

/** Chooses the schedule of each linear layer of a plan. */
@FunctionalInterface
public interface LinearSchedules {
    /** The schedules without tuning. */
    LinearSchedules USUAL = LinearProblem::usualSchedule;

    LinearSchedule of(LinearProblem problem);
}

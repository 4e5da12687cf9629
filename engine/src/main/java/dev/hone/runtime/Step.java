package dev.hone.runtime;

/** One kernel of a plan, bound to its weights and buffers' numbers. Called by all workers, each with its share. */
interface Step {
    /** The problem in words, for profiles and errors. */
    String describe();

    /** What it has to do for a piece of that size. */
    StepWork work(PieceSize size);

    /** Runs a share. Hot: no allocation beyond segment views.
     *
     * @param worker whose scratch memory may be used
     */
    void run(Workspace workspace, Share share, int worker);
}

package dev.hone.hub;

/** Is told what the hub is asked for. */
public interface HubListener {
    /** Listens to nothing. */
    HubListener SILENT = new HubListener() {
        @Override
        public void say(String sentence) {}

        @Override
        public void fetching(String file, long bytes) {}

        @Override
        public void received(long bytes) {}

        @Override
        public void finished() {}
    };

    /** Something that a user should know. */
    void say(String sentence);

    /** A file begins to come; the one before has ended. */
    void fetching(String file, long bytes);

    /** More bytes of the file are there. */
    void received(long bytes);

    /** Nothing more comes for now. */
    void finished();
}

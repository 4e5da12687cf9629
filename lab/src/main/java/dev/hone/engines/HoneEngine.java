package dev.hone.engines;

import dev.hone.quantize.Precision;
import dev.hone.runtime.PlanStep;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.Session;
import dev.hone.session.SessionOptions;
import dev.hone.session.TokenBatch;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Hone itself, as one of the engines. */
public final class HoneEngine implements Engine {
    @Override
    public String name() {
        return "hone";
    }

    @Override
    public String version() {
        String version = HoneEngine.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.allOf(Precision.class);
    }

    @Override
    public EngineSession open(Path model, EngineOptions options) {
        SessionOptions session = SessionOptions.defaults()
                .withThreads(options.threads())
                .withScheme(options.scheme())
                .withCalibration(options.calibration());
        return new Opened(Session.open(model, session));
    }

    /** Everything that a caller's run does is timed: there is nothing to put in place before it. */
    private record Opened(Session session) implements EngineSession {
        @Override
        public List<String> outputNames() {
            return session.outputNames();
        }

        @Override
        public int maximumLength() {
            return session.maximumLength();
        }

        @Override
        public EncoderOutputs run(TokenBatch batch) {
            return session.run(batch);
        }

        @Override
        public List<String> steps() {
            return session.steps().stream().map(PlanStep::problem).toList();
        }

        @Override
        public PreparedCall prepare(TokenBatch batch) {
            return new PreparedCall() {
                @Override
                public void run() {
                    session.run(batch);
                }

                @Override
                public void close() {
                    // The batch is the caller's.
                }
            };
        }

        @Override
        public void close() {
            session.close();
        }
    }
}

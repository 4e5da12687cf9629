package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import dev.hone.graph.LayerNames;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.quantize.Calibration;
import dev.hone.quantize.InputSizes;
import dev.hone.quantize.Observer;
import dev.hone.quantize.RangeMethod;
import dev.hone.quantize.Scheme;
import dev.hone.runtime.Plan;
import dev.hone.tensor.RowRange;
import dev.hone.transform.DeadCode;
import dev.hone.transform.Pipelines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds what a {@link Scheme} needs to know of a model's rows by running it, compiled and in f32, on texts.
 *
 * <p>The inputs of linear layers become outputs of the graph. As many layers are watched at a time as the memory
 * allows; each group is a run over all texts that ends at its last layer. Texts run one by one, at any lengths.
 */
public final class Calibrator {
    private final Path model;
    private final SessionOptions options;
    private final Settings settings;
    private final Listener listener;

    /**
     * @param options the scheme, and how the model is run
     * @param listener told of every text
     */
    public Calibrator(Path model, SessionOptions options, Settings settings, Listener listener) {
        this.model = model;
        this.options = options;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * How ranges are found.
     *
     * @param memoryBytes that the rows of the watched layers may take; one layer is always watched
     */
    public record Settings(RangeMethod method, long memoryBytes) {
        private static final long USUAL_BYTES = 256L << 20;

        public static Settings of(RangeMethod method) {
            return new Settings(method, USUAL_BYTES);
        }
    }

    /** Told how far it is; what it throws ends the calibration. */
    public interface Listener {
        /** A stretch of that many texts begins. */
        void begin(int texts);

        /** A text was run. */
        void ran();
    }

    /**
     * Runs the model on texts.
     *
     * @param batches each is one run, usually of one text
     * @throws HoneException of category USAGE when there is no text, and as {@link Session#open}
     */
    public Calibration run(List<TokenBatch> batches) {
        Scheme scheme = options.scheme();
        if (!scheme.needsCalibration()) {
            return Calibration.NONE;
        }
        if (batches.isEmpty()) {
            throw new HoneException(Category.USAGE, "nothing to calibrate with: give a file with at least one text");
        }
        try (OpenedModel opened = OpenedModel.open(model)) {
            Graph wanted = Session.select(opened.graph(), options.outputs());
            Calibration found = Calibration.NONE;
            if (scheme.bytes().smoothing().isPresent()) {
                Graph fused = Pipelines.INFERENCE.run(wanted).graph();
                found = new Calibration(sizes(fused, batches), Map.of());
            }
            if (scheme.bytes().isStatic()) {
                Graph fused =
                        scheme.smoothed(Pipelines.INFERENCE, found).run(wanted).graph();
                found = new Calibration(found.sizes(), ranges(fused, batches));
            }
            return found;
        }
    }

    private Map<String, InputSizes> sizes(Graph fused, List<TokenBatch> batches) {
        Map<String, InputSizes> sizes = new HashMap<>();
        for (Node node : watched(fused)) {
            sizes.put(node.name(), new InputSizes(width(node.input(0))));
        }
        watch(
                fused,
                batches,
                (node, rows) -> Objects.requireNonNull(sizes.get(node)).observe(rows));
        return sizes;
    }

    private Map<String, RowRange> ranges(Graph fused, List<TokenBatch> batches) {
        Map<String, Observer> observers = new HashMap<>();
        for (Node node : watched(fused)) {
            observers.put(node.name(), settings.method().observer());
        }
        watch(
                fused,
                batches,
                (node, rows) -> Objects.requireNonNull(observers.get(node)).observe(rows));
        Map<String, RowRange> ranges = new HashMap<>();
        observers.forEach((node, observer) -> ranges.put(node, observer.range()));
        return ranges;
    }

    /** Sees the rows that a node reads. */
    private interface Watcher {
        void see(String node, float... rows);
    }

    private void watch(Graph fused, List<TokenBatch> batches, Watcher watcher) {
        for (List<Node> group : groups(watched(fused), batches)) {
            listener.begin(batches.size());
            Map<String, Value> outputs = new LinkedHashMap<>();
            group.forEach(node -> outputs.put(node.name(), node.input(0)));
            Graph all = new Graph(fused.name(), fused.inputs(), fused.constants(), fused.nodes(), outputs);
            try (Plan plan = PlanCompiler.compile(DeadCode.keepOutputs(all, outputs.keySet()), options)) {
                for (TokenBatch batch : batches) {
                    float[][] answers = plan.run(batch.ids(), batch.types());
                    for (int index = 0; index < answers.length; index++) {
                        watcher.see(plan.outputs().get(index).name(), answers[index]);
                    }
                    listener.ran();
                }
            }
        }
    }

    /** Linear layers with a row for each token. */
    private static List<Node> watched(Graph fused) {
        Map<String, String> names = LayerNames.of(fused);
        return fused.nodes().stream()
                .filter(node -> names.containsKey(node.name()) && node.op() instanceof Op.Linear)
                .filter(node -> node.input(0).shape().rank() == 3)
                .toList();
    }

    private List<List<Node>> groups(List<Node> nodes, List<TokenBatch> batches) {
        long mostTokens = batches.stream().mapToLong(TokenBatch::rows).max().orElse(1);
        List<List<Node>> groups = new ArrayList<>();
        long room = 0;
        for (Node node : nodes) {
            // Once in the plan's buffers and once as answers.
            long bytes = 2 * mostTokens * width(node.input(0)) * Float.BYTES;
            if (groups.isEmpty() || bytes > room) {
                groups.add(new ArrayList<>());
                room = settings.memoryBytes();
            }
            groups.getLast().add(node);
            room -= bytes;
        }
        return groups;
    }

    private static int width(Value value) {
        return Math.toIntExact(value.shape().last().value());
    }
}

package dev.hone.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What came of a program that had a JVM of its own, for what only the end of one shows.
 *
 * @param words what it said on both streams
 */
public record OwnProcess(int status, String words) {
    private static final long MOST_SECONDS = 60;

    /**
     * Runs a program with the class path of the tests, to its end.
     *
     * @param before what stands before the JVM's own command
     * @param options of the JVM
     * @throws IllegalStateException when it does not end within a minute
     */
    public static OwnProcess run(List<String> before, List<String> options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        Path said = Files.createTempFile("said", ".txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = Stream.of(
                        before.stream(),
                        Stream.of(java, "-XX:+UseSerialGC", "-XX:-UsePerfData"),
                        options.stream(),
                        Stream.of(program.getName()),
                        Stream.of(arguments))
                .flatMap(part -> part)
                .toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        // As an argument it would be longer than ONNX Runtime stands, which reads its process's command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        try {
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(program + " goes on, and said: " + Files.readString(said));
            }
            return new OwnProcess(process.exitValue(), Files.readString(said));
        } finally {
            process.destroyForcibly();
            Files.delete(said);
        }
    }
}

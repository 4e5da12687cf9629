package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The command in a process of its own.
 *
 * @param temporary where the process puts temporary files
 * @param said what it says
 */
record CommandProcess(Process process, Path temporary, Path said) {
    private static final long MOST_SECONDS = 240;

    /** Before a command that is to be interrupted: whoever runs the tests may have told it to ignore that. */
    static final List<String> INTERRUPTIBLE = List.of("env", "--default-signal=INT");

    /**
     * Starts it.
     *
     * @param folder holds what it says and its temporary files
     * @param before what stands before the command
     */
    static CommandProcess start(Path folder, List<String> before, List<String> arguments) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Path said = folder.resolve("said.txt");
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + temporary);
        String cache = System.getProperty("hone.cache");
        if (cache != null) {
            command.add("-Dhone.cache=" + cache);
        }
        command.add(Main.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        // As an argument it would be longer than ONNX Runtime stands, which reads its process's command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return new CommandProcess(builder.start(), temporary, said);
    }

    static void assumeInterruptible() throws InterruptedException {
        assumeThat(succeeds(
                        Stream.concat(INTERRUPTIBLE.stream(), Stream.of("true")).toList()))
                .as("optional: no env here that lets a process be interrupted")
                .isTrue();
    }

    void interrupt() throws InterruptedException, IOException {
        assertThat(succeeds(List.of("kill", "-INT", Long.toString(process.pid()))))
                .as(words())
                .isTrue();
    }

    /** Waits for its end and gives its status. */
    int ended() throws InterruptedException {
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    String words() throws IOException {
        return Files.readString(said);
    }

    /** Folders that it made for itself and that are still there. */
    List<String> scratchFolders() throws IOException {
        return names(temporary).stream()
                .filter(name -> name.startsWith("hone-"))
                .toList();
    }

    static List<String> names(Path place) throws IOException {
        try (Stream<Path> found = Files.list(place)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}

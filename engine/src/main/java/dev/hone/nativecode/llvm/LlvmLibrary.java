package dev.hone.nativecode.llvm;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds LLVM's shared library on the class path and unpacks it once into the cache folder of the user. */
final class LlvmLibrary {
    /** The system property that names another cache folder. */
    static final String CACHE_PROPERTY = "hone.cache";

    private LlvmLibrary() {}

    /**
     * The unpacked library.
     *
     * @throws HoneException of category {@code MACHINE} when the class path has no LLVM for this platform, and of
     *     category {@code OUTPUT} when the cache folder cannot be written
     */
    static Path locate() {
        URL resource = resource();
        try {
            URLConnection connection = resource.openConnection();
            long bytes = connection.getContentLengthLong();
            String name = resource.getPath().substring(resource.getPath().lastIndexOf('/') + 1);
            Path file =
                    cacheFolder().resolve("llvm-" + platform() + "-" + bytes).resolve(name);
            if (Files.isRegularFile(file) && Files.size(file) == bytes) {
                return file;
            }
            unpack(connection, file, bytes);
            return file;
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    "cannot unpack the compiler library into " + cacheFolder() + " (" + failure
                            + "); make the folder writable, free about 200 MB, or name another one with -D"
                            + CACHE_PROPERTY + "=FOLDER",
                    failure);
        }
    }

    /** Where unpacked files are kept: {@value #CACHE_PROPERTY}, or {@code hone} under XDG_CACHE_HOME or ~/.cache. */
    static Path cacheFolder() {
        String folder = System.getProperty(CACHE_PROPERTY);
        if (folder != null && !folder.isEmpty()) {
            return Path.of(folder);
        }
        @Nullable String shared = System.getenv("XDG_CACHE_HOME");
        return shared != null && !shared.isEmpty()
                ? Path.of(shared, "hone")
                : Path.of(System.getProperty("user.home"), ".cache", "hone");
    }

    /** Writes beside and renames, so that a concurrent process sees the whole file or none. */
    private static void unpack(URLConnection connection, Path file, long bytes) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("no folder above " + file);
        }
        Files.createDirectories(folder);
        Path beside = Files.createTempFile(folder, "unpacking", ".part");
        try (InputStream content = connection.getInputStream()) {
            long written = Files.copy(content, beside, StandardCopyOption.REPLACE_EXISTING);
            if (written != bytes) {
                throw new IOException("unpacked " + written + " of " + bytes + " bytes");
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static URL resource() {
        String folder = "org/bytedeco/llvm/" + platform() + "/";
        for (String name : List.of("libLLVM.so", "libLLVM.so.20.1", "libLLVM.dylib", "LLVM.dll", "libLLVM.dll")) {
            URL resource = LlvmLibrary.class.getClassLoader().getResource(folder + name);
            if (resource != null) {
                return resource;
            }
        }
        throw new HoneException(
                Category.MACHINE,
                "no compiler library for " + platform() + " on the class path; build with -Dllvm.platform=" + platform()
                        + " (org.bytedeco:llvm with that classifier)");
    }

    /** The platform's name in the classifiers of org.bytedeco artefacts. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String name = system.startsWith("mac") ? "macosx" : system.startsWith("win") ? "windows" : "linux";
        return name + "-"
                + switch (architecture) {
                    case "amd64", "x86-64" -> "x86_64";
                    case "aarch64" -> "arm64";
                    default -> architecture;
                };
    }
}

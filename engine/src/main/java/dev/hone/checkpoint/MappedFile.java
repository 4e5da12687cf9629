package dev.hone.checkpoint;

import dev.hone.HoneException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files mapped read-only; the arena given owns the mapping. */
public final class MappedFile {
    private MappedFile() {}

    /**
     * Maps a whole file.
     *
     * @throws HoneException of category CHECKPOINT when the file is missing, unreadable or no regular file
     */
    public static MemorySegment map(Path file, Arena arena) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw damaged(file, "it is no regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            return size == 0 ? MemorySegment.NULL : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        } catch (NoSuchFileException failure) {
            throw new HoneException(HoneException.Category.CHECKPOINT, file + ": there is no such file", failure);
        } catch (IOException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** The failure of a file that is not what it claims to be. */
    static HoneException damaged(Path file, String complaint) {
        return new HoneException(HoneException.Category.CHECKPOINT, file + ": " + complaint);
    }
}

package dev.hone.artefact;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of an artefact's plan, little-endian: magic, version, checksum of what follows, size
 * of
 * the file, offset, size and checksum of the manifest.
 */
record Header(long fileBytes, Manifest.Section manifest) {
    static final int BYTES = 64;

    /** Changes when files of the older form can no longer be read. */
    private static final int VERSION = 3;

    /** "HONEPLAN" in the order of the file. */
    private static final long MAGIC = 0x4e414c50454e4f48L;

    private static final int CHECKED_FROM = 16;

    ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(8, VERSION);
        bytes.putLong(16, fileBytes).putLong(24, manifest.offset());
        bytes.putLong(32, manifest.bytes()).putLong(40, manifest.checksum());
        return bytes.putInt(12, (int) checksum(bytes));
    }

    /** @throws HoneException of category CHECKPOINT when this is no header of this version */
    static Header parse(Path file, ByteBuffer given) {
        ByteBuffer bytes = given.order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < BYTES || bytes.getLong(0) != MAGIC) {
            throw new HoneException(Category.CHECKPOINT, file + ": it is no plan that hone compile wrote");
        }
        if (bytes.getInt(8) != VERSION) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    file + ": it has format " + bytes.getInt(8) + ", this version of Hone reads format " + VERSION
                            + "; compile the model again");
        }
        if (bytes.getInt(12) != (int) checksum(bytes)) {
            throw new HoneException(Category.CHECKPOINT, file + ": its header is damaged; compile the model again");
        }
        Manifest.Section manifest = new Manifest.Section(bytes.getLong(24), bytes.getLong(32), bytes.getLong(40));
        return new Header(bytes.getLong(16), manifest);
    }

    private static long checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate().position(CHECKED_FROM).limit(BYTES));
        return checksum.getValue();
    }
}

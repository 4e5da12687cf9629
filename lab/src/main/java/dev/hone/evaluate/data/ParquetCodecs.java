package dev.hone.evaluate.data;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Unpacks the pages of Parquet files, without native code. */
final class ParquetCodecs implements CompressionCodecFactory {
    /** Writers make pages of about a megabyte; one that claims far more is taken for damaged. */
    private static final int MOST_PAGE_BYTES = 1 << 28;

    /** How packed bytes become as many bytes as the page's header says. */
    @FunctionalInterface
    private interface Unpacking {
        /** Fills {@code target}; gives how many bytes there were. */
        int into(byte[] packed, byte[] target) throws IOException;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED ->
                new Pages((packed, target) -> {
                    System.arraycopy(packed, 0, target, 0, Math.min(packed.length, target.length));
                    return packed.length;
                });
            case SNAPPY -> new Pages(by(new SnappyDecompressor()));
            case ZSTD -> new Pages(by(new ZstdDecompressor()));
            case LZ4_RAW -> new Pages(by(new Lz4Decompressor()));
            case GZIP -> new Pages(ParquetCodecs::unzip);
            case LZO, BROTLI, LZ4 ->
                throw new UnsupportedOperationException("its columns are packed by " + codec
                        + ", which is not read; write the file with snappy, zstd, gzip or without packing");
        };
    }

    private static Unpacking by(Decompressor decompressor) {
        return (packed, target) -> {
            try {
                return decompressor.decompress(packed, 0, packed.length, target, 0, target.length);
            } catch (RuntimeException damaged) {
                throw new IOException("a page cannot be unpacked: " + damaged.getMessage(), damaged);
            }
        };
    }

    private static int unzip(byte[] packed, byte[] target) throws IOException {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            int count = stream.readNBytes(target, 0, target.length);
            return stream.read() < 0 ? count : count + 1;
        }
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet files are not written");
    }

    @Override
    public void release() {}

    /** Unpacks pages and checks their size. */
    private record Pages(Unpacking unpacking) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput packed, int size) throws IOException {
            return BytesInput.from(unpack(packed.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int packedSize, ByteBuffer output, int size) throws IOException {
            byte[] packed = new byte[packedSize];
            input.get(packed);
            output.put(unpack(packed, size));
        }

        private byte[] unpack(byte[] packed, int size) throws IOException {
            if (size < 0 || size > MOST_PAGE_BYTES) {
                throw new IOException("a page claims to hold " + size + " bytes");
            }
            byte[] page = new byte[size];
            int count = unpacking.into(packed, page);
            if (count != size) {
                throw new IOException("a page of " + size + " bytes has another size unpacked");
            }
            return page;
        }

        @Override
        public void release() {}
    }
}

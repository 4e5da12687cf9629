package dev.hone.onnx.quantize;

import java.util.Locale;

/**
 * How values with ranges that were measured before become bytes.
 *
 * @param format of the file
 * @param values their type
 * @param symmetric whether their middle byte stands for 0
 */
public record StaticForm(Format format, ByteType values, boolean symmetric) {
    /** How a file says that an operator works on bytes. */
    public enum Format {
        /** The operators as they were, between pairs of QuantizeLinear and DequantizeLinear. */
        QDQ,
        /** Operators of their own, whose results are bytes, too. */
        QOPERATOR;

        /** The lower-case name in options. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

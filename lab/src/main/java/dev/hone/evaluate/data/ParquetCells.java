package dev.hone.evaluate.data;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a Parquet row: texts, numbers and truth values, and lists of those.
 *
 * <p>A field inside another one is called by both names with a dot between. What is neither, such as a picture or a
 * date, is left out, as if the column were not there.
 */
final class ParquetCells {
    private final Map<String, String> byName = new LinkedHashMap<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();

    private ParquetCells() {}

    /** @throws CharacterCodingException when a text is not UTF-8 */
    static Table.Cells of(Group row, long number) throws CharacterCodingException {
        ParquetCells cells = new ParquetCells();
        cells.addFields(row, "");
        return new Table.Cells(cells.byName, cells.lists, number);
    }

    private void addFields(Group group, String prefix) throws CharacterCodingException {
        GroupType type = group.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            add(group, field, prefix + type.getFieldName(field));
        }
    }

    private void add(Group group, int field, String name) throws CharacterCodingException {
        Type type = group.getType().getType(field);
        if (type.isRepetition(Repetition.REPEATED)) {
            lists.put(name, texts(group, field));
        } else if (group.getFieldRepetitionCount(field) == 1) {
            if (type.isPrimitive()) {
                String text = text(group, field, 0);
                if (text != null) {
                    byName.put(name, text);
                }
            } else if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
                lists.put(name, elements(group.getGroup(field, 0)));
            } else {
                addFields(group.getGroup(field, 0), name + ".");
            }
        }
    }

    /** The list's only field repeats, and holds the elements or groups of one element each. */
    private static List<String> elements(Group list) throws CharacterCodingException {
        if (list.getType().getFieldCount() != 1 || list.getType().getType(0).isPrimitive()) {
            return list.getType().getFieldCount() == 1 ? texts(list, 0) : List.of();
        }
        List<String> elements = new ArrayList<>();
        for (int index = 0; index < list.getFieldRepetitionCount(0); index++) {
            Group element = list.getGroup(0, index);
            if (element.getType().getFieldCount() == 1) {
                elements.addAll(texts(element, 0));
            }
        }
        return elements;
    }

    private static List<String> texts(Group group, int field) throws CharacterCodingException {
        List<String> texts = new ArrayList<>();
        if (group.getType().getType(field).isPrimitive()) {
            for (int index = 0; index < group.getFieldRepetitionCount(field); index++) {
                String text = text(group, field, index);
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static @Nullable String text(Group group, int field, int index) throws CharacterCodingException {
        PrimitiveType type = group.getType().getType(field).asPrimitiveType();
        if (!isRead(type)) {
            return null;
        }
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> Integer.toString(group.getInteger(field, index));
            case INT64 -> Long.toString(group.getLong(field, index));
            case FLOAT -> Float.toString(group.getFloat(field, index));
            case DOUBLE -> Double.toString(group.getDouble(field, index));
            case BOOLEAN -> Boolean.toString(group.getBoolean(field, index));
            case BINARY ->
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(group.getBinary(field, index).toByteBuffer())
                        .toString();
            case INT96, FIXED_LEN_BYTE_ARRAY -> null;
        };
    }

    private static boolean isRead(PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (logical == null) {
            return type.getPrimitiveTypeName() != PrimitiveTypeName.BINARY;
        }
        return logical instanceof IntLogicalTypeAnnotation
                || logical.equals(LogicalTypeAnnotation.stringType())
                || logical.equals(LogicalTypeAnnotation.enumType())
                || logical.equals(LogicalTypeAnnotation.jsonType());
    }
}

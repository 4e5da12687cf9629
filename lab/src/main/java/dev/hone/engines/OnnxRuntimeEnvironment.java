package dev.hone.engines;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.hone.HoneException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;

/**
 * What ONNX Runtime keeps for the whole process.
 *
 * <p>Its Java side gives this up in a shutdown hook, while other threads may still load a model, and a process that was
 * interrupted then ended with a crash. The native side counts who uses it, so one more user that never goes keeps it
 * until the process has ended. Nothing that is public adds one.
 *
 * <p>Its Java side also unpacks its libraries into a temporary folder, and leaves that behind: it asks the JVM to
 * delete the folder before the files in it.
 */
public final class OnnxRuntimeEnvironment {
    private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;

    private OnnxRuntimeEnvironment() {}

    /** The one of this process; it need not be closed. */
    public static OrtEnvironment get() {
        return Kept.ENVIRONMENT;
    }

    /** Made when it is first asked for. */
    private static final class Kept {
        static final OrtEnvironment ENVIRONMENT = kept();

        private static OrtEnvironment kept() {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(LEVEL, OnnxRuntimeEngine.NAME);
            try {
                Field functions = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
                functions.setAccessible(true);
                Method create =
                        OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
                create.setAccessible(true);
                create.invoke(null, functions.getLong(null), LEVEL.getValue(), OnnxRuntimeEngine.NAME);
                removeUnpacked(Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory"));
            } catch (ReflectiveOperationException changed) {
                throw new IllegalStateException("this version of ONNX Runtime's Java side is not known", changed);
            }
            return environment;
        }

        /** Libraries that are loaded need no files. */
        private static void removeUnpacked(Field unpacked) throws IllegalAccessException {
            unpacked.setAccessible(true);
            if (unpacked.get(null) instanceof Path folder) {
                try {
                    ScratchFolder.remove(folder);
                } catch (HoneException inUse) {
                    // Where loaded libraries cannot be deleted, the JVM deletes what it can when it ends.
                }
            }
        }
    }
}

package dev.hone;

import java.nio.file.Path;

/**
 * The one exception family for what a user can cause and mend: it says what went wrong, where, and what to do.
 *
 * <p>Programming errors (a broken invariant inside the project) use {@link IllegalStateException} or
 * {@link IllegalArgumentException} and are not part of this family.
 */
public final class HoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of thing went wrong; a caller may switch on it, a message may not change it. */
    public enum Category {
        /** The caller's arguments or options cannot be used. */
        USAGE,
        /** A file is missing, unreadable, damaged or not what it claims to be. */
        CHECKPOINT,
        /** The model is well formed, and asks for something that is not supported. */
        UNSUPPORTED,
        /** Texts, token ids or batches that cannot be run. */
        INPUT,
        /** Output cannot be written. */
        OUTPUT,
        /** This machine cannot do what was asked. */
        MACHINE,
        /** The resource was closed, or the work was cancelled. */
        CLOSED
    }

    private final Category category;

    public HoneException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public HoneException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    public Category category() {
        return category;
    }

    /** The same failure told with a file in front, unless the message begins with it already. */
    public HoneException atFile(Path file) {
        return String.valueOf(getMessage()).startsWith(file.toString()) ? this : at(file.toString());
    }

    /** The same failure told with the place where it happened in front. */
    public HoneException at(String place) {
        return new HoneException(category, place + ": " + getMessage(), this);
    }
}

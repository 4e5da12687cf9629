package dev.hone;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be read or written, in words: the messages of some exceptions are nothing but its path. */
public final class FileFailure {
    private FileFailure() {}

    public static String whileReading(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "access to it is denied";
            case CharacterCodingException _ -> "it is no UTF-8 text";
            default -> String.valueOf(failure.getMessage());
        };
    }

    public static String whileWriting(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no folder for " + missing.getFile();
            case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
            default -> String.valueOf(failure.getMessage());
        };
    }
}

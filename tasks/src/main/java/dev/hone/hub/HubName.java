package dev.hone.hub;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a repository of the hub is called.
 *
 * @param id its owner and name with a slash between; some old ones have no owner
 * @param revision a branch, a tag, or the 40 digits of a commit
 */
public record HubName(Kind kind, String id, String revision) {
    /** What a repository holds. */
    public enum Kind {
        MODEL("models", ""),
        DATA("datasets", "datasets/");

        private final String plural;
        private final String path;

        Kind(String plural, String path) {
            this.plural = plural;
            this.path = path;
        }

        String plural() {
            return plural;
        }

        /** In front of the name in addresses of files. */
        String path() {
            return path;
        }
    }

    /** In front of a name that could be something else. */
    public static final String SCHEME = "hf:";

    private static final String MAIN = "main";
    private static final int LONGEST = 96;
    private static final String WORD = "[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern ID = Pattern.compile("(?:" + WORD + "/)?" + WORD);
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    public HubName {
        Matcher matcher = ID.matcher(id);
        boolean plain = matcher.matches() && !id.contains("--") && !id.contains("..") && id.length() <= LONGEST;
        if (!plain || !REVISION.matcher(revision).matches() || revision.contains("..")) {
            throw new HoneException(
                    Category.USAGE,
                    "'" + id + (revision.equals(MAIN) ? "" : "@" + revision)
                            + "' is no name on the hub; write OWNER/NAME, or OWNER/NAME@REVISION");
        }
    }

    /**
     * Reads {@code OWNER/NAME} or {@code OWNER/NAME@REVISION}, with or without {@link #SCHEME}.
     *
     * @throws HoneException of category {@code USAGE} for anything else
     */
    public static HubName parse(Kind kind, String text) {
        String bare = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        int at = bare.indexOf('@');
        return at < 0
                ? new HubName(kind, bare, MAIN)
                : new HubName(kind, bare.substring(0, at), bare.substring(at + 1));
    }

    /** The model that a word names, if it begins with {@link #SCHEME} or has the form of a name with its owner. */
    public static Optional<HubName> model(String word) {
        if (word.startsWith(SCHEME)) {
            return Optional.of(parse(Kind.MODEL, word));
        }
        int at = word.indexOf('@');
        String id = at < 0 ? word : word.substring(0, at);
        boolean owned = id.contains("/") && ID.matcher(id).matches() && !id.endsWith(".onnx");
        return owned ? Optional.of(parse(Kind.MODEL, word)) : Optional.empty();
    }

    /** Whether the revision is a commit, whose files never change. */
    boolean isCommit() {
        return COMMIT.matcher(revision).matches();
    }

    /** Its folder in the cache: {@code models--OWNER--NAME}. */
    String folder() {
        return kind.plural() + "--" + id.replace("/", "--");
    }

    @Override
    public String toString() {
        return revision.equals(MAIN) ? id : id + "@" + revision;
    }
}

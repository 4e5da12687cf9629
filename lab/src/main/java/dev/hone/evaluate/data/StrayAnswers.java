package dev.hone.evaluate.data;

import java.util.List;

/** Counts accepted answers that do not stand in their context, which no model can find. */
final class StrayAnswers {
    private final DataFile file;
    private long count;
    private String first = "";

    StrayAnswers(DataFile file) {
        this.file = file;
    }

    /** Looks at the answers of a question; {@code line} is where it, or what holds it, begins. */
    void check(Example.Asked asked, long line) {
        for (String answer : asked.answers()) {
            if (!asked.question().context().contains(answer)) {
                first = count == 0 ? "question " + asked.id() + " (" + file.place(line) + "): '" + answer + "'" : first;
                count++;
            }
        }
    }

    /** What to tell of them; nothing when there was none. */
    List<String> notes() {
        return count == 0
                ? List.of()
                : List.of(file.path() + ": " + count
                        + " accepted answers do not stand in their context, the first one of " + first
                        + "; no model can find those: correct the data, or take their loss into account");
    }
}

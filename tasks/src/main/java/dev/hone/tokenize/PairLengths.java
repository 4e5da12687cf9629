package dev.hone.tokenize;

/**
 * How many tokens of each text of a pair are kept.
 *
 * <p>Follows {@code longest_first} of the Hugging Face tokenizers library: the longer text is cut until both are equal,
 * then both; where the room is odd, the text that was longer keeps one token more.
 */
record PairLengths(int first, int second) {
    PairLengths cutTo(int room) {
        if (first + second <= room) {
            return this;
        }
        int shorter = Math.min(first, second);
        int longer = Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? new PairLengths(longer, shorter) : new PairLengths(shorter, longer);
    }
}

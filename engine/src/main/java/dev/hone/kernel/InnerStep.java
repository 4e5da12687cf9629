package dev.hone.kernel;

import java.util.List;

/** Emits one step of the inner loop of a product for a tile, or several at once. */
interface InnerStep {
    /** The type of a vector of sums between steps. */
    Type sums();

    /** Steps that are emitted at once. */
    default int count() {
        return 1;
    }

    /**
     * The sums with the products of one step added.
     *
     * @param rows where the rows of the tile begin
     * @param number of the first step
     * @param line the weights of the steps
     * @param sums [row][vector]
     * @param vectors of the tile
     */
    List<Value> emit(List<Value> rows, Value number, Value line, List<Value> sums, int vectors);

    /**
     * The sums after the last step as [row][vector][column], where they were laid out in another way; applied again it
     * lays them out for further steps.
     */
    default List<Value> arranged(List<Value> sums, int vectors) {
        return sums;
    }
}

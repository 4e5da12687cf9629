package dev.hone.kernel;

import java.util.List;

/** Emits one step of the inner loop of a product for a tile. */
interface InnerStep {
    /** The type of a vector of sums between steps. */
    Type sums();

    /**
     * The sums with the products of one step added.
     *
     * @param rows where the rows of the tile begin
     * @param number of the step
     * @param line the weights of the step
     * @param sums [row][vector]
     * @param vectors of the tile
     */
    List<Value> emit(List<Value> rows, Value number, Value line, List<Value> sums, int vectors);
}

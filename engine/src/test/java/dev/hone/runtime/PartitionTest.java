package dev.hone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.kernel.LinearSchedule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PartitionTest {
    @Test
    void everyPlaceOfAProductHasOneWorker() {
        for (int parts = 1; parts <= 17; parts++) {
            for (int bands = 1; bands <= parts; bands++) {
                for (int rows : new int[] {1, 2, 7, 33}) {
                    for (int panels : new int[] {1, 3, 16}) {
                        assertCovered(rows, panels, parts, bands);
                    }
                }
            }
        }
    }

    private static void assertCovered(int rows, int panels, int parts, int bands) {
        int[][] workers = new int[rows][panels];
        for (int part = 0; part < parts; part++) {
            Partition tile = Partition.inBands(rows, panels, part, parts, bands);
            for (int row = tile.firstRow(); row < tile.endRow(); row++) {
                for (int panel = tile.firstPanel(); panel < tile.endPanel(); panel++) {
                    workers[row][panel]++;
                }
            }
        }
        assertThat(Arrays.stream(workers).flatMapToInt(Arrays::stream).toArray())
                .as("%d rows, %d panels, %d workers in %d bands", rows, panels, parts, bands)
                .containsOnly(1);
    }

    @ParameterizedTest
    @CsvSource({
        // rows, panels, workers, rows and panels of the first worker
        "1, 16, 2, 1, 8", // one row: nothing but columns can be shared
        "2048, 16, 2, 2048, 8", // columns come out even: weights are read once
        "8, 3, 2, 8, 1", // three panels for two workers, but each row band would read all of them
        "200, 3, 2, 100, 3", // many rows: the odd panel costs more than reading the weights twice
        "512, 16, 12, 170, 4", // three bands of four
        "512, 16, 7, 219, 5", // bands of three and four workers
    })
    void chooses(int rows, int panels, int workers, int rowsOfFirst, int panelsOfFirst) {
        Partition tile = Partition.of(rows, panels, LinearSchedule.ESTIMATED, 0, workers);

        assertThat(tile.endRow() - tile.firstRow()).isEqualTo(rowsOfFirst);
        assertThat(tile.endPanel() - tile.firstPanel()).isEqualTo(panelsOfFirst);
    }

    @ParameterizedTest
    @CsvSource({
        // rows, rows of a band, workers, rows and panels of the first worker
        "64, 1, 2, 32, 16", // a band for each worker
        "64, 64, 2, 64, 8", // too few rows for two bands
        "65, 32, 4, 32, 8", // two bands of two workers
        "3, 1, 2, 1, 16", // no more bands than workers
        "2048, 1000000, 8, 2048, 2" // one band
    })
    void keepsTheBandsOfASchedule(int rows, int bandRows, int workers, int rowsOfFirst, int panelsOfFirst) {
        Partition tile = Partition.of(rows, 16, bandRows, 0, workers);

        assertThat(tile.endRow() - tile.firstRow()).isEqualTo(rowsOfFirst);
        assertThat(tile.endPanel() - tile.firstPanel()).isEqualTo(panelsOfFirst);
    }

    @Test
    void leavesNoWorkerIdleWhereThereIsWorkForAll() {
        for (int part = 0; part < 16; part++) {
            assertThat(Partition.of(64, 8, LinearSchedule.ESTIMATED, part, 16).isEmpty())
                    .isFalse();
        }
    }
}

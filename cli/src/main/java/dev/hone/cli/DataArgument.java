package dev.hone.cli;

import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.HubData;
import dev.hone.hub.Hub;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the data that an option names: a file, a directory, or a name on the hub. */
final class DataArgument {
    private DataArgument() {}

    /** @throws dev.hone.HoneException when there is no such place or no file for the task */
    static DataFile find(Path place, DataTask task, PrintWriter err) {
        return HubData.isName(place.toString()) && !Files.exists(place)
                ? HubData.find(place.toString(), task, Hub.ofEnvironment(new HubProgress(err)))
                : DataSets.find(place, task);
    }
}

package dev.hone.sweep;

import dev.hone.evaluate.Predictor;

/** Makes and opens the models of settings. */
interface SettingModels extends AutoCloseable {
    /** Makes the file of a setting, and says what it is; why there is none where there cannot be one. */
    Built build(Setting setting);

    /**
     * Opens the model of a setting.
     *
     * @throws dev.hone.HoneException when its engine cannot run it
     */
    Predictor open(Setting setting);

    /** The setting was measured: its file can go. */
    void release(Setting setting);

    @Override
    void close();
}

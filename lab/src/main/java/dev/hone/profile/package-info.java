/** Where the time of a model's runs goes: by step, by kind of step, by layer and by thread. */
@NullMarked
package dev.hone.profile;

import org.jspecify.annotations.NullMarked;

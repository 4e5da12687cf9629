/** What tests of every module share: replayable randomness and the optional folder of models and recorded answers. */
@NullMarked
package dev.hone.testkit;

import org.jspecify.annotations.NullMarked;

/** The {@code hone} command: one class per subcommand. */
@NullMarked
package dev.hone.cli;

import org.jspecify.annotations.NullMarked;

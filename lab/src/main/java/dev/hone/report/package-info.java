/** What was found about a model, as one page that needs no network, and the records that it shows. */
@NullMarked
package dev.hone.report;

import org.jspecify.annotations.NullMarked;

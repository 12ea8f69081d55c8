package io.solebox.app.store;

import io.solebox.store.layout.ModelName;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.quantize.Mix;

/**
 * A model that its source does not have in a file for this machine, and how it is made here.
 *
 * @param name under which it will be found
 * @param source the file that is fetched for it
 * @param mix what it is quantized to
 * @param bytes of the file to be, to the last one
 * @param because why this one of all
 * @param keepsSource whether the file that was fetched stays
 */
record FitPlan(
    ModelName name, Variant source, Mix mix, long bytes, String because, boolean keepsSource) {}

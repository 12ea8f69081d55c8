package io.solebox.app.store;

import io.solebox.engine.api.Decoding;
import io.solebox.store.pull.Choice;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a model before it is here.
 *
 * @param architecture as in GGUF
 * @param parameters number of weights
 * @param context in tokens, that it was trained for
 * @param template whether it has a chat template that can be used
 * @param needs what it takes of this machine; empty where it cannot run
 * @param decoding what each token of an answer reads; empty where it cannot run or gives no answers
 * @param licence that the file names
 * @param notes for people: why it cannot run, what is computed otherwise than it is stored
 */
record Facts(
    String architecture,
    long parameters,
    int context,
    boolean template,
    Optional<Choice.Fit.Needs> needs,
    Optional<Decoding> decoding,
    Optional<String> licence,
    List<String> notes) {}

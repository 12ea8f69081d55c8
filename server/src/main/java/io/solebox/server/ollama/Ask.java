package io.solebox.server.ollama;

import io.solebox.server.answers.AnswerRequest;
import java.util.Optional;

/**
 * What is asked for.
 *
 * @param model as the request calls it
 * @param request empty where the model is only to be loaded
 * @param loadNanos that the request waited for the model
 * @param leaves whether the model is to leave when it is not used any more
 * @param withContext whether the answer has the ids of prompt and answer
 */
record Ask(
    String model,
    Optional<AnswerRequest> request,
    boolean stream,
    long loadNanos,
    boolean leaves,
    boolean withContext) {}

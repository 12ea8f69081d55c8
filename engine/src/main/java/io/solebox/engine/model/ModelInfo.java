package io.solebox.engine.model;

import io.solebox.engine.generation.Pooling;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of a model without running it.
 *
 * @param name as the file says, or the file's name
 * @param architecture as in GGUF, {@code llama}
 * @param format the main weight format, for people: {@code Q8_0}, {@code Q4_K_M}
 * @param parameters number of weights
 * @param fileBytes size of the file
 * @param trainedContext the longest sequence that it was trained for
 * @param pooling how it makes a vector of a text; empty for a model that answers
 * @param labels of a model that judges texts, an output each
 * @param isEncoder whether its tokens see the whole text
 * @param temperature that the model's makers recommend ({@code general.sampling.temp})
 * @param notes what was found and handled by the way, for people (unknown keys that could matter)
 */
public record ModelInfo(
    String name,
    String architecture,
    String format,
    long parameters,
    long fileBytes,
    int trainedContext,
    int vocabSize,
    int numLayers,
    int embeddingLength,
    Optional<Pooling> pooling,
    List<String> labels,
    boolean isEncoder,
    OptionalDouble temperature,
    List<String> notes) {}

package io.solebox.server.library;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A model that a {@link ModelLibrary} keeps; what is not known is empty.
 *
 * @param name under which it is offered
 * @param digest of all that it consists of, 64 hexadecimal digits; another one after each change
 * @param bytes of all its files
 * @param changed when the name began to stand for this
 * @param architecture as in GGUF, {@code llama}
 * @param format its main weight format, as in {@code Q4_K_M}
 * @param pinned whether nobody may remove it
 * @param origin where it came from, by the names of annotations of OCI manifests
 */
public record KeptModel(
    String name,
    String digest,
    long bytes,
    Instant changed,
    String architecture,
    String format,
    OptionalLong parameters,
    boolean pinned,
    Map<String, String> origin) {}

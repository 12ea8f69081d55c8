package io.solebox.scout.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One shop that answers in JSON.
 *
 * @param mapping the file that says what is where in its answers
 * @param token for the header {@code Authorization: Bearer}; empty where none is needed
 */
public record ShopSettings(
    String name,
    Path mapping,
    Duration every,
    Optional<SecretPlace> token,
    Optional<String> country) {}

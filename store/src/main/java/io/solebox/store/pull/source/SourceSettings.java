package io.solebox.store.pull.source;

import io.solebox.store.blob.Digest;
import java.util.Optional;

/**
 * What a person says beside a name.
 *
 * @param insecure whether a registry may be spoken to without encryption
 * @param sha256 what a plain address must bring
 */
public record SourceSettings(HubSettings hub, boolean insecure, Optional<Digest> sha256) {}

package io.solebox.store.pull.source;

import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Secret;
import java.util.Optional;

/**
 * What a person says beside a name.
 *
 * @param insecure whether a registry may be spoken to without encryption
 * @param sha256 what a plain address must bring
 * @param soleboxKey for another Solebox, where it takes keys
 */
public record SourceSettings(
    HubSettings hub, boolean insecure, Optional<Digest> sha256, Optional<Secret> soleboxKey) {}

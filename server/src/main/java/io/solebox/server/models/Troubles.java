package io.solebox.server.models;

import io.solebox.engine.error.SoleboxException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Models whose latest answer broke off by no fault of its client. Safe for many threads. What a
 * model knows of itself is in its {@link io.solebox.engine.host.ModelState.Ready}.
 */
final class Troubles {
  private final Map<String, SoleboxException> latest = new ConcurrentHashMap<>();

  void answered(String model) {
    latest.remove(model);
  }

  void failed(String model, SoleboxException error) {
    switch (error.code()) {
      case MODEL_FILE_CHANGED,
          DEVICE_UNAVAILABLE,
          NON_FINITE,
          IO_ERROR,
          DISK_FULL,
          INTERNAL_ERROR,
          OUT_OF_MEMORY ->
          latest.put(model, error);
      case BAD_MODEL_FILE,
          BAD_STORE,
          UNTRUSTED,
          BAD_BUNDLE,
          BAD_UPDATE,
          BAD_DOCUMENT,
          IN_USE,
          OFFLINE,
          NO_AIR_GAP,
          ACCESS_DENIED,
          UNSUPPORTED_MODEL,
          MODEL_NOT_FOUND,
          BAD_TEMPLATE,
          CONTEXT_LENGTH_EXCEEDED,
          INVALID_PARAMETER,
          BAD_GRAMMAR,
          NOTHING_ALLOWED,
          DEADLINE_EXCEEDED,
          CANCELLED,
          CLOSED -> {
        // They tell of the request or of a load, not of a model that fails.
      }
    }
  }

  Optional<SoleboxException> of(String model) {
    return Optional.ofNullable(latest.get(model));
  }
}

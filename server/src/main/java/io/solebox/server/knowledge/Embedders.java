package io.solebox.server.knowledge;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.model.ModelHeader;
import io.solebox.engine.model.ModelInfo;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Models that make vectors of documents.
 *
 * @param models of this machine
 */
record Embedders(Models models) {
  /** The built-in one. */
  private static final String USUAL = "minilm";

  /**
   * The model for a new collection.
   *
   * @param asked empty for the built-in one, or else the only one that there is
   * @throws Problem 400 if there is none, or it is not said which; 404 if it is unknown
   */
  String choose(Exchange exchange, Optional<String> asked) {
    Models.Seen seen = models.seenBy(exchange);
    if (asked.isPresent()) {
      Models.Found found = seen.find(asked.get());
      if (!makesVectors(found.status())) {
        throw Problem.of(
                400,
                "unsupported_model",
                "The model '%s' makes no vectors of texts. Use an embedding model."
                    .formatted(asked.get()))
            .withParam("embedding_model");
      }
      return found.name();
    }
    return usual(seen);
  }

  /** The same where nobody in particular asks, and no model is named. */
  String usual() {
    return usual(models.seenByAdministrators());
  }

  private String usual(Models.Seen seen) {
    List<String> able = seen.all().stream().filter(this::makesVectors).map(Status::name).toList();
    if (able.contains(USUAL)) {
      return USUAL;
    }
    if (able.size() == 1) {
      return able.getFirst();
    }
    throw able.isEmpty() ? none() : several(able);
  }

  private static Problem none() {
    return Problem.of(
            400,
            "no_embedding_model",
            "There is no model here that makes vectors of texts. Add the built-in one by 'solebox"
                + " embed minilm -p test', or pull an embedding model, and start the server with"
                + " it.")
        .withParam("embedding_model");
  }

  private static Problem several(List<String> able) {
    return Problem.of(
            400,
            "missing_required_parameter",
            "Several models here make vectors of texts; 'embedding_model' says which: %s."
                .formatted(String.join(", ", able)))
        .withParam("embedding_model");
  }

  private boolean makesVectors(Status status) {
    if (status.state() instanceof ModelState.Ready ready) {
      return ready.model().info().pooling().filter(Pooling::isOfTexts).isPresent();
    }
    return models
        .header(status)
        .flatMap(ModelHeader::pooling)
        .filter(Pooling::isOfTexts)
        .isPresent();
  }

  /** How many tokens of a text a model takes; empty where nobody knows before it is loaded. */
  OptionalInt contextTokens(String name) {
    return models.seenByAdministrators().all().stream()
        .filter(each -> each.name().equals(name))
        .map(this::contextTokens)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  private OptionalInt contextTokens(Status status) {
    if (status.state() instanceof ModelState.Ready ready) {
      ModelInfo info = ready.model().info();
      return OptionalInt.of(Math.min(ready.model().contextTokens(), info.trainedContext()));
    }
    Optional<Object> trained =
        models
            .header(status)
            .map(header -> header.values().get(header.architecture() + ".context_length"));
    return trained.isPresent() && trained.get() instanceof Number number
        ? OptionalInt.of(number.intValue())
        : OptionalInt.empty();
  }
}

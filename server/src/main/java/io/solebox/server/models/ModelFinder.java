package io.solebox.server.models;

import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.server.http.Globs;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Rights;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.models.Models.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what requests mean by names.
 *
 * @param names by which models can be asked for that are in no library
 * @param library knows by which names those can be asked for that it keeps
 * @param visible models that are there for whoever asks, by their own names
 */
record ModelFinder(
    ModelHost host, ModelNames names, Optional<ModelLibrary> library, Globs visible) {
  /** What programs write behind a name that has no tag. */
  private static final String USUAL_TAG = "latest";

  /** For the server itself, for which all are there. */
  static ModelFinder of(ModelHost host, ModelNames names, Optional<ModelLibrary> library) {
    return new ModelFinder(host, names, library, Globs.ALL);
  }

  /** For a caller. */
  ModelFinder seenBy(Rights rights) {
    Globs its = rights.models();
    return its.matchesAll() ? this : new ModelFinder(host, names.among(its), library, its);
  }

  /** All that are there for whoever asks, in the catalog's order. */
  List<Status> all() {
    return host.status().stream().filter(status -> visible.matches(status.name())).toList();
  }

  /**
   * What a request asks for; without a name, or with an empty one, it is the only model that the
   * server was started with, or the only one there is.
   *
   * @param adapter where a request names it in a field of its own
   * @throws Problem 400 if one must be named, or two adapters are; 404 if unknown
   */
  Found resolve(Optional<String> asked, Optional<String> adapter) {
    Found found = resolve(asked.filter(text -> !text.isBlank()));
    return adapter.filter(text -> !text.isBlank()).map(name -> adapted(found, name)).orElse(found);
  }

  private Found resolve(Optional<String> asked) {
    if (asked.isPresent()) {
      return find(asked.get());
    }
    List<Status> all = all();
    List<Status> started = all.stream().filter(status -> !isKept(status.name())).toList();
    List<Status> usual = started.isEmpty() ? all : started;
    if (usual.size() != 1) {
      throw Problem.of(400, "missing_required_parameter", "Missing required parameter: 'model'.")
          .withParam("model");
    }
    return new Found(usual.getFirst(), Optional.empty());
  }

  private boolean isKept(String name) {
    return library.isPresent() && library.get().keeps(name);
  }

  private static Found adapted(Found found, String adapter) {
    if (found.adapter().isPresent() && !found.adapter().get().equals(adapter)) {
      throw Problem.of(
              400,
              "invalid_value",
              "'model' names the adapter '%s', and 'adapter' names '%s'."
                  .formatted(found.adapter().get(), adapter))
          .withParam("adapter");
    }
    if (!found.status().adapters().contains(adapter)) {
      List<String> there = found.status().adapters();
      throw Problem.of(
              404,
              "adapter_not_found",
              "The model '%s' has no adapter '%s'. It has: %s."
                  .formatted(
                      found.status().name(),
                      adapter,
                      there.isEmpty() ? "none" : String.join(", ", there)))
          .withParam("adapter");
    }
    return new Found(found.status(), Optional.of(adapter));
  }

  /**
   * @param name of a model, or of one with an adapter as in {@code model:adapter}
   * @throws Problem 404 with the names that there are
   */
  Found find(String name) {
    List<Status> all = all();
    Optional<Status> itself = all.stream().filter(each -> each.name().equals(name)).findFirst();
    if (itself.isPresent()) {
      return new Found(itself.get(), Optional.empty());
    }
    List<String> own = all.stream().map(Status::name).filter(each -> !isKept(each)).toList();
    Optional<ModelNames.Split> split = names.split(name, own);
    if (split.isPresent()) {
      Status status = named(all, split.get().name());
      String rest = split.get().rest();
      if (status.adapters().contains(rest)) {
        return new Found(status, Optional.of(rest));
      }
    }
    Optional<Status> kept = kept(name, all);
    if (kept.isPresent()) {
      return new Found(kept.get(), Optional.empty());
    }
    if (split.isPresent()) {
      // Where there are adapters, what stands behind a colon is no tag that could be passed over.
      boolean adapters = all.stream().anyMatch(each -> !each.adapters().isEmpty());
      if (adapters && !split.get().rest().equals(USUAL_TAG) && !names.anyName()) {
        throw unknown(name, all);
      }
    }
    return names
        .find(name, own)
        .map(found -> new Found(named(all, found), Optional.empty()))
        .orElseThrow(() -> unknown(name, all));
  }

  private Optional<Status> kept(String name, List<Status> all) {
    Optional<String> own = library.flatMap(kept -> kept.find(name)).map(KeptModel::name);
    return all.stream().filter(each -> own.filter(each.name()::equals).isPresent()).findFirst();
  }

  private static Status named(List<Status> all, String name) {
    return all.stream().filter(status -> status.name().equals(name)).findFirst().orElseThrow();
  }

  private static Problem unknown(String name, List<Status> all) {
    List<String> there = new ArrayList<>();
    for (Status status : all) {
      there.add(status.name());
      status.adapters().forEach(adapter -> there.add(Models.nameOf(status, adapter)));
    }
    return Problem.of(
            404,
            "model_not_found",
            "The model '%s' does not exist. This server has: %s."
                .formatted(name, String.join(", ", there)))
        .withParam("model");
  }
}

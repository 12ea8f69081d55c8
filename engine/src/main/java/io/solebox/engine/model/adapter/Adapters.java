package io.solebox.engine.model.adapter;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The adapters of a model. They stand beside its weights, which stay as they are: the graph gets
 * what they add as ops of its own, and each sequence says which of them it uses. Owns their files.
 */
public final class Adapters implements AutoCloseable {
  private final List<AdapterOptions> options;
  private final List<LoraFile> files;

  private Adapters(List<AdapterOptions> options, List<LoraFile> files) {
    this.options = options;
    this.files = files;
  }

  /**
   * Opens and checks files; weights are not read yet.
   *
   * @param base the model that they are to change
   * @throws SoleboxException {@code MODEL_NOT_FOUND}; {@code BAD_MODEL_FILE} for what is no
   *     adapter, a damaged one, or one of another model; {@code UNSUPPORTED_MODEL} for what it asks
   *     for and nobody computes
   */
  public static Adapters open(
      List<AdapterOptions> options, ModelSource base, ModelSource.Access access) {
    AdapterOptions.requireDistinct(options);
    var files = new ArrayList<LoraFile>();
    var adapters = new Adapters(List.copyOf(options), files);
    try {
      for (AdapterOptions each : options) {
        files.add(open(each.path(), base, access));
        Fit.require(files.getLast(), base);
      }
      return adapters;
    } catch (RuntimeException | Error e) {
      adapters.close();
      throw e;
    }
  }

  private static LoraFile open(Path path, ModelSource base, ModelSource.Access access) {
    return PeftLora.isPeft(path)
        ? PeftLora.open(path, base.metadata(), access)
        : GgufLora.open(path, access);
  }

  /**
   * The graph of the model with all adapters, which are its variants from 1 on.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} where a matrix is used as one that nothing
   *     can be added to
   */
  public Graph added(Graph graph, ModelSource base) {
    if (files.isEmpty()) {
      return graph;
    }
    Map<Op.Linear, List<LowRank.Change>> changes = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      int variant = i + 1;
      float scale = options.get(i).scale();
      var products = new Products(graph, base, files.get(i));
      for (LoraFile.Pair pair : files.get(i).pairs()) {
        products
            .parts(pair)
            .forEach(
                (op, b) ->
                    changes
                        .computeIfAbsent(op, _ -> new ArrayList<>())
                        .add(new LowRank.Change(variant, pair.a(), b, scale * pair.scale())));
      }
    }
    return graph.adapted(op -> changes.getOrDefault(op, List.of()));
  }

  /** In the order of their numbers. */
  public List<AdapterInfo> infos() {
    var infos = new ArrayList<AdapterInfo>();
    for (int i = 0; i < files.size(); i++) {
      List<LoraFile.Pair> pairs = files.get(i).pairs();
      infos.add(
          new AdapterInfo(
              options.get(i).name(),
              files.get(i).place(),
              pairs.size(),
              pairs.stream().mapToInt(p -> p.a().rows()).max().orElse(0),
              pairs.stream().mapToLong(p -> p.a().elements() + p.b().elements()).sum(),
              options.get(i).scale()));
    }
    return List.copyOf(infos);
  }

  /** What who uses them should know. */
  public List<String> notes() {
    var notes = new ArrayList<String>();
    for (int i = 0; i < files.size(); i++) {
      String name = options.get(i).name();
      files.get(i).notes().forEach(note -> notes.add("adapter " + name + ": " + note));
    }
    return List.copyOf(notes);
  }

  /** On disk. */
  public long fileBytes() {
    return files.stream().mapToLong(LoraFile::fileBytes).sum();
  }

  /**
   * @throws SoleboxException {@code MODEL_FILE_CHANGED} if a file is no longer what was mapped
   */
  public void checkUnchanged() {
    files.forEach(LoraFile::checkUnchanged);
  }

  @Override
  public void close() {
    files.forEach(LoraFile::close);
  }
}

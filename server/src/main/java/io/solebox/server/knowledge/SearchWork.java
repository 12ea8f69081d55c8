package io.solebox.server.knowledge;

import io.solebox.engine.chat.Pairs;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.Rerankers;
import io.solebox.server.answers.VectorKind;
import io.solebox.server.answers.Vectors;
import io.solebox.server.knowledge.search.SearchModels;
import io.solebox.server.models.Models;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Models as whoever searches may use them.
 *
 * @param uses begins to use one
 * @param computing of vectors and scores
 * @param shortens whether a text that is longer than the model takes is looked for by its end
 */
record SearchWork(Supplier<Models.Use> uses, Computing computing, boolean shortens)
    implements SearchModels {
  private static final String RANKER = "ranking_options.ranker";

  /** Computes, for somebody who waits or for nobody. */
  @FunctionalInterface
  interface Computing {
    List<float[]> of(Vectors.Wish wish) throws InterruptedException;
  }

  @Override
  public Made vectors(String model, List<String> texts) throws InterruptedException {
    try (Models.Use use = uses.get()) {
      Models.Named named = use.select(Optional.of(model), Optional.empty());
      VectorKind kind = VectorKind.of(named);
      List<int[]> ids =
          texts.stream()
              .map(text -> named.model().tokenizer().encode(text, Specials.AS_TEXT, true))
              .map(each -> shortens ? end(each, named.model().contextTokens()) : each)
              .toList();
      return new Made(
          VectorKind.maker(named),
          computing.of(new Vectors.Wish(named, ids, "query", kind.pooling(), true)));
    }
  }

  /** Its first id, which begins every text, and its last ones. */
  private static int[] end(int[] ids, int room) {
    if (ids.length <= room) {
      return ids;
    }
    int[] end = new int[room];
    end[0] = ids[0];
    System.arraycopy(ids, ids.length - room + 1, end, 1, room - 1);
    return end;
  }

  @Override
  public List<Double> scores(String model, String question, List<String> texts)
      throws InterruptedException {
    try (Models.Use use = uses.get()) {
      Models.Named named = use.select(Optional.of(model), Optional.empty());
      Rerankers.require(named, RANKER);
      Pairs pairs = named.model().pairs();
      List<int[]> ids = texts.stream().map(text -> pairs.encode(question, text)).toList();
      return computing.of(new Vectors.Wish(named, ids, "query", Pooling.RANK, false)).stream()
          .map(Rerankers::score)
          .toList();
    }
  }
}

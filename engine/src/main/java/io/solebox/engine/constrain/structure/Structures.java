package io.solebox.engine.constrain.structure;

import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.GrammarConstraints;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * The structures that answers of one model are held to: each is compiled once, whoever asks for it,
 * and kept as long as there is room; so is why one cannot be. Compiling is for whoever asks, and
 * never for the engine loop. Safe for many threads.
 */
public final class Structures {
  private static final int MAX_KEPT = 128;

  /** Of all that are kept together: states of grammars, of some 60 bytes each. */
  private static final long MAX_KEPT_STATES = 2_000_000;

  /** Characters of what a grammar was made of that take as much as a state. */
  private static final int CHARACTERS_OF_STATE = 30;

  /** Compilers take a processor each, and answers need theirs. */
  private final Semaphore compilers =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

  private final Tokenizer tokenizer;
  private final TokenNames names;

  /** The least recently used first; guarded by itself. */
  private final Map<Object, CompletableFuture<CompiledGrammar>> kept =
      new LinkedHashMap<>(16, 0.75f, true);

  /** What those in {@link #kept} take that are complete, in states; guarded by it. */
  private final Map<Object, Long> sizes = new HashMap<>();

  private final Map<String, EndMark> endMarks = new ConcurrentHashMap<>();
  private Optional<GrammarConstraints> constraints = Optional.empty(); // guarded by this

  public Structures(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.names = new VocabularyNames(tokenizer);
  }

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR} with what cannot be honoured, and where it stands
   */
  public CompiledGrammar compile(Structure structure) throws InterruptedException {
    return compile(structure, named -> StructureReader.grammar(structure, named));
  }

  /**
   * A grammar that is made of something else.
   *
   * @param key equal where the grammar is; of a type of the caller's own
   * @param source makes it, and gets the tokens that it may name
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  public CompiledGrammar compile(Object key, Function<TokenNames, Grammar> source)
      throws InterruptedException {
    CompletableFuture<CompiledGrammar> ours = new CompletableFuture<>();
    CompletableFuture<CompiledGrammar> grammar;
    synchronized (kept) {
      grammar = kept.computeIfAbsent(key, _ -> ours);
      if (kept.size() > MAX_KEPT) {
        dropOldest();
      }
    }
    if (grammar == ours) {
      fill(ours, key, source);
    }
    return result(grammar);
  }

  private void fill(
      CompletableFuture<CompiledGrammar> grammar,
      Object key,
      Function<TokenNames, Grammar> source) {
    compilers.acquireUninterruptibly();
    try {
      CompiledGrammar compiled = CompiledGrammar.of(source.apply(names));
      grammar.complete(compiled);
      keep(key, compiled.size());
    } catch (RuntimeException | Error e) {
      grammar.completeExceptionally(e);
      if (e instanceof SoleboxException) {
        keep(key, 1);
      } else {
        synchronized (kept) {
          kept.remove(key);
        }
      }
    } finally {
      compilers.release();
    }
  }

  /** Notes how large it became, and makes room for it. */
  private void keep(Object key, int states) {
    long size = states + key.toString().length() / CHARACTERS_OF_STATE;
    synchronized (kept) {
      if (kept.containsKey(key)) {
        sizes.put(key, size);
      }
      while (kept.size() > 1 && sizes.values().stream().mapToLong(s -> s).sum() > MAX_KEPT_STATES) {
        dropOldest();
      }
    }
  }

  private void dropOldest() {
    Object oldest = kept.keySet().iterator().next();
    kept.remove(oldest);
    sizes.remove(oldest);
  }

  private static CompiledGrammar result(CompletableFuture<CompiledGrammar> grammar)
      throws InterruptedException {
    try {
      return grammar.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException known -> throw known;
        case Error known -> throw known;
        default -> throw new IllegalStateException(e);
      }
    }
  }

  /** A constraint for one answer, which begins where it is first asked. */
  public TokenConstraint begin(CompiledGrammar grammar) {
    return constraints().begin(grammar);
  }

  /**
   * @param mark of one of few kinds: it is kept
   */
  public EndMark endMark(String mark) {
    return endMarks.computeIfAbsent(mark, text -> new EndMark(tokenizer, text));
  }

  /** The vocabulary is read when it is first needed. */
  private synchronized GrammarConstraints constraints() {
    if (constraints.isEmpty()) {
      constraints = Optional.of(new GrammarConstraints(tokenizer));
    }
    return constraints.get();
  }
}

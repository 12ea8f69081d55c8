import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.GrammarConstraints;
import io.solebox.engine.constrain.schema.JsonSchema;
import io.solebox.engine.constrain.schema.SchemaOptions;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds documents to schemas on one thread: {@code GrammarSpeed VOCABULARY.gguf FOLDER NAME...}. For
 * each name, FOLDER has NAME.schema.json and NAME.json, a document for which the schema holds.
 * Writes FOLDER/vocabulary.json and FOLDER/NAME.ids.json, and prints a JSON object of what was
 * measured, times in microseconds.
 */
final class GrammarSpeed {
  private static final int ROUNDS = 15;
  private static final int MANY = 16;

  private final Tokenizer tokenizer;
  private final GrammarConstraints constraints;

  private GrammarSpeed(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.constraints = new GrammarConstraints(tokenizer);
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    Tokenizer tokenizer;
    try (ModelSource source =
        ModelSources.open(Path.of(arguments[0]), ModelSource.Access.MAPPED)) {
      tokenizer = Tokenizers.of(source.metadata());
    }
    write(folder.resolve("vocabulary.json"), vocabulary(tokenizer));
    long begin = System.nanoTime();
    GrammarSpeed speed = new GrammarSpeed(tokenizer);
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("vocabulary", micros(System.nanoTime() - begin));
    for (String name : List.of(arguments).subList(2, arguments.length)) {
      byte[] schema = Files.readAllBytes(folder.resolve(name + ".schema.json"));
      String text = Files.readString(folder.resolve(name + ".json"));
      int[] ids = ids(tokenizer, text);
      write(folder.resolve(name + ".ids.json"), Arrays.stream(ids).boxed().toList());
      found.put(name, speed.measure(schema, ids));
    }
    System.out.println(new JsonWriter().text(found));
  }

  /** As they follow something else: some tokenizers put a space in front of a text. */
  private static int[] ids(Tokenizer tokenizer, String text) {
    int[] front = tokenizer.encode("\n", Tokenizer.Specials.AS_TEXT, false);
    int[] all = tokenizer.encode("\n" + text, Tokenizer.Specials.AS_TEXT, false);
    return Arrays.equals(front, Arrays.copyOf(all, front.length))
        ? Arrays.copyOfRange(all, front.length, all.length)
        : tokenizer.encode(text, Tokenizer.Specials.AS_TEXT, false);
  }

  private static List<String> vocabulary(Tokenizer tokenizer) {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      tokens.add(tokenizer.tokenText(id));
    }
    return tokens;
  }

  private static void write(Path file, Object value) throws IOException {
    Files.writeString(file, new JsonWriter().text(value));
  }

  private Map<String, Object> measure(byte[] schema, int[] ids) {
    double[] compile = new double[ROUNDS];
    List<Double> first = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    List<Double> many = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      CompiledGrammar grammar =
          CompiledGrammar.of(JsonSchema.grammar(schema, SchemaOptions.DEFAULT));
      constraints.begin(grammar);
      compile[round] = micros(System.nanoTime() - begin);
      boolean counts = round >= ROUNDS / 3; // before that, the code is not compiled yet
      follow(grammar, ids, 1, counts ? first : new ArrayList<>());
      follow(grammar, ids, 1, counts ? again : new ArrayList<>());
      follow(grammar, ids, MANY, counts ? many : new ArrayList<>());
    }
    double[] late = Arrays.copyOfRange(compile, ROUNDS / 3, ROUNDS);
    Arrays.sort(late);
    return Map.of(
        "compile", late[late.length / 2], "first", first, "again", again, "many", many);
  }

  /** Takes the time of each token of so many answers at once. */
  private void follow(CompiledGrammar grammar, int[] ids, int answers, List<Double> times) {
    List<TokenConstraint> all = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      all.add(constraints.begin(grammar));
    }
    for (int id : ids) {
      long begin = System.nanoTime();
      for (TokenConstraint one : all) {
        TokenMask mask = one.allowed();
        if (!mask.allows(id) && one.forced().isEmpty()) {
          throw new IllegalStateException("not allowed: " + tokenizer.tokenText(id));
        }
        one.said(id);
      }
      times.add(micros(System.nanoTime() - begin) / answers);
    }
  }

  private static double micros(long nanos) {
    return nanos / 1e3;
  }
}

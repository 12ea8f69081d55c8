import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import io.solebox.server.knowledge.chunk.ChunkSizes;
import io.solebox.server.knowledge.chunk.Chunker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code IndexRate ROOT MINILM FOLDER}: how fast documents become ready to be asked, beside how fast
 * the model makes vectors of the same pieces and nothing else, in turn.
 */
final class IndexRate {
  private static final int BATCH = 32;
  private static final int ROUNDS = 3;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  private IndexRate(String url) {
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Catalog catalog =
        Catalog.of(
            List.of(
                new Catalog.Offer(
                    "minilm", Path.of(arguments[1]), LoadOptions.defaults().withParallel(BATCH))));
    Path state = Path.of(arguments[2], "server.db");
    try (Engine engine = Engine.open("cpu", Runtime.getRuntime().availableProcessors());
        ModelHost host = new ModelHost(engine, catalog, LoadGate.OPEN, new LoadWatcher() {});
        Lease lease = host.use("minilm", Progress.none());
        SoleboxServer server =
            SoleboxServer.start(ServerConfig.defaults().withPort(0).withStateFile(state), host)) {
      LoadedModel model = lease.model();
      List<String> pieces = pieces(root, model);
      IndexRate its = new IndexRate("http://127.0.0.1:" + server.port());
      List<Object> files = its.upload(root);
      System.out.printf("%d documents, %d pieces%n", files.size(), pieces.size());
      for (int round = 0; round <= ROUNDS; round++) { // the first one is for the compiler
        double alone = pieces.size() / seconds(() -> embed(model, pieces));
        double indexed = pieces.size() / seconds(() -> its.index(files));
        System.out.printf(
            Locale.ROOT,
            "%s%6.1f pieces/s embedded alone, %6.1f made ready: %.2f%n",
            round == 0 ? "(warm-up) " : "",
            alone,
            indexed,
            indexed / alone);
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<String> pieces(Path root, LoadedModel model) throws Exception {
    int context = Math.min(model.contextTokens(), model.info().trainedContext());
    Chunker chunker =
        new Chunker(new ChunkSizes(450, 60, context), text -> ids(model, text).length);
    return Corpus.pieces(root, chunker).stream().map(Corpus.Piece::embedded).toList();
  }

  private static int[] ids(LoadedModel model, String text) {
    return model.tokenizer().encode(text, Specials.AS_TEXT, true);
  }

  private static void embed(LoadedModel model, List<String> pieces) throws InterruptedException {
    for (int from = 0; from < pieces.size(); from += BATCH) {
      List<String> part = pieces.subList(from, Math.min(pieces.size(), from + BATCH));
      model.embed(part.stream().map(text -> ids(model, text)).toList(), Pooling.MEAN, true);
    }
  }

  private List<Object> upload(Path root) throws Exception {
    List<Object> files = new ArrayList<>();
    for (Path document : Corpus.pages(root)) {
      String form =
          "--xyz\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
              + "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
              + document.getFileName()
              + "\"\r\n\r\n"
              + Files.readString(document)
              + "\r\n--xyz--\r\n";
      files.add(
          answer(
                  request("/v1/files")
                      .header("Content-Type", "multipart/form-data; boundary=xyz")
                      .POST(BodyPublishers.ofString(form)))
              .get("id"));
    }
    return files;
  }

  /** In a collection of its own, so that no vector is there yet. */
  private void index(List<Object> files) throws Exception {
    byte[] body = new JsonWriter().bytes(Map.of("file_ids", files));
    Object id =
        answer(
                request("/v1/vector_stores")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body)))
            .get("id");
    while (true) {
      Map<String, Object> store = answer(request("/v1/vector_stores/" + id).GET());
      if ("completed".equals(store.get("status"))) {
        Object failed = ((Map<?, ?>) store.get("file_counts")).get("failed");
        if (!Long.valueOf(0).equals(failed)) {
          throw new IllegalStateException("documents could not be read: " + store);
        }
        return;
      }
      Thread.sleep(20);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  private Map<String, Object> answer(HttpRequest.Builder request) throws Exception {
    var answer = client.send(request.build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(new String(answer.body()));
    }
    return new JsonReader(JsonLimits.LOCAL).readObject(answer.body());
  }
}

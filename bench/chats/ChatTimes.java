import io.solebox.server.chats.search.ChatSearch;
import io.solebox.server.chats.search.Found;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.ChatFilter;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.SealedChats;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;

/** {@code ChatTimes FOLDER CHATS}: see {@code bench/chats/measure}. */
final class ChatTimes {
  private static final String FEW = "few";
  private static final String MANY = "many";
  private static final int SOME = 100;
  private static final int MESSAGES = 10;
  private static final int WORDS = 50;
  private static final int VOCABULARY = 20_000;
  private static final int PAGE = 50;
  private static final int HITS = 30;
  private static final int TIMES = 40;

  /** On a machine that others use, a thread's own time is what counts. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** As pages ask again. */
  private static final int AGAIN_MILLIS = 300;

  private final Random random = new Random(1);
  private final List<String> vocabulary = new ArrayList<>();

  public static void main(String[] arguments) throws Exception {
    try (Database database = ServerTables.open(Path.of(arguments[0]).resolve("server.db"))) {
      Vault vault = Vault.open(database, Passphrase.NONE, System.err);
      new ChatTimes().run(new SealedChats(vault), Integer.parseInt(arguments[1]));
    }
  }

  private void run(SealedChats chats, int many) throws Exception {
    for (int i = 0; i < VOCABULARY; i++) {
      vocabulary.add(word());
    }
    long chars = fill(chats, FEW, SOME);
    chars = fill(chats, MANY, many);
    System.out.printf(
        Locale.ROOT,
        "%,d chats, %,d messages, %.1f million characters%n",
        many,
        many * MESSAGES,
        chars / 1e6);
    List<String> ids = chats.ids(MANY);
    list(chats, "first page of " + SOME, FEW, Optional.empty());
    list(chats, "first page of " + many, MANY, Optional.empty());
    list(chats, "page in the middle", MANY, Optional.of(ids.get(many / 2)));
    list(chats, "last page", MANY, Optional.of(ids.get(many - PAGE - 1)));
    try (ChatSearch search = new ChatSearch(chats)) {
      searchAll(search);
    }
  }

  private void searchAll(ChatSearch search) throws Exception {
    long begin = System.nanoTime();
    long beginOwn = THREADS.getCurrentThreadCpuTime();
    Found first = search.find(MANY, vocabulary.get(1), HITS);
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.0f ms, of the processor %.0f ms; %d found in %.2f %% of the chats%n",
        "first search",
        millis(begin),
        (THREADS.getCurrentThreadCpuTime() - beginOwn) / 1e6,
        first.hits().size(),
        100 * first.indexed());
    double most = 0;
    while (first.indexed() < 1) {
      Thread.sleep(AGAIN_MILLIS);
      long again = System.nanoTime();
      first = search.find(MANY, "qqqqqq", HITS);
      most = Math.max(most, millis(again));
    }
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.0f ms, searches meanwhile %.0f ms at most%n",
        "until all chats are read",
        millis(begin),
        most);
    search(search, "a common word", vocabulary.get(1));
    search(search, "a rare word", vocabulary.get(VOCABULARY - 1));
    search(
        search,
        "three words",
        String.join(" ", vocabulary.get(3), vocabulary.get(500), vocabulary.get(9000)));
    search(search, "a word that is nowhere", "qqqqqq");
  }

  private static double millis(long since) {
    return (System.nanoTime() - since) / 1e6;
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    int length = 2 + random.nextInt(9);
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(25 - i % 2)));
    }
    return word.toString();
  }

  /** Words as texts have them: a few are everywhere. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      int rank = (int) Math.pow(VOCABULARY, random.nextDouble()) - 1;
      text.append(vocabulary.get(rank)).append(' ');
    }
    return text.toString();
  }

  private long fill(SealedChats chats, String owner, int count) {
    long chars = 0;
    for (int i = 0; i < count; i++) {
      List<Message> messages = new ArrayList<>();
      Optional<String> parent = Optional.empty();
      String id = owner + i;
      for (int j = 0; j < MESSAGES; j++) {
        Role role = j % 2 == 0 ? Role.USER : Role.ASSISTANT;
        Message message = Message.said(id + "-" + j, parent, role, i, text());
        chars += message.text().length();
        messages.add(message);
        parent = Optional.of(message.id());
      }
      Chat chat =
          Chat.empty(id, i, false)
              .withTitle(text().substring(0, 40), Chat.TitledBy.MODEL)
              .withCurrent(parent);
      chats.add(owner, chat, messages);
    }
    return chars;
  }

  private static void list(SealedChats chats, String what, String owner, Optional<String> after)
      throws Exception {
    ChatFilter filter = new ChatFilter(Optional.empty(), Optional.empty(), false, false, after);
    report(what, () -> chats.list(owner, filter, PAGE).size());
  }

  private static void search(ChatSearch search, String what, String query) throws Exception {
    report(what, () -> search.find(MANY, query, HITS).hits().size());
  }

  private static void report(String what, Callable<Integer> work) throws Exception {
    double[] times = new double[TIMES];
    double[] own = new double[TIMES];
    int found = 0;
    for (int i = -TIMES; i < TIMES; i++) { // until it is compiled
      long begin = System.nanoTime();
      long beginOwn = THREADS.getCurrentThreadCpuTime();
      found = work.call();
      times[Math.max(i, 0)] = millis(begin);
      own[Math.max(i, 0)] = (THREADS.getCurrentThreadCpuTime() - beginOwn) / 1e6;
    }
    Arrays.sort(times);
    Arrays.sort(own);
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.2f ms in the middle, %8.2f ms at most;"
            + " of the processor %.2f and %.2f ms; %d found%n",
        what,
        times[TIMES / 2],
        times[TIMES - 1],
        own[TIMES / 2],
        own[TIMES - 1],
        found);
  }
}

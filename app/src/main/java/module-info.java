/** The command line; the one module that sees all the others. */
module io.solebox.app {
  requires info.picocli;
  requires io.nayuki.qrcodegen;
  requires io.solebox.engine;
  requires io.solebox.hardware;
  requires io.solebox.planner;
  requires io.solebox.scout;
  requires io.solebox.server;
  requires io.solebox.storage;
  requires io.solebox.store;
  requires org.jline.reader;
  requires org.jline.terminal;

  opens io.solebox.app to
      info.picocli;
  opens io.solebox.app.airgap.prove to
      info.picocli;
  opens io.solebox.app.audit to
      info.picocli;
  opens io.solebox.app.backup to
      info.picocli;
  opens io.solebox.app.bench to
      info.picocli;
  opens io.solebox.app.board to
      info.picocli;
  opens io.solebox.app.bundle to
      info.picocli;
  opens io.solebox.app.cert to
      info.picocli;
  opens io.solebox.app.doctor to
      info.picocli;
  opens io.solebox.app.document to
      info.picocli;
  opens io.solebox.app.grammar to
      info.picocli;
  opens io.solebox.app.host to
      info.picocli;
  opens io.solebox.app.model to
      info.picocli;
  opens io.solebox.app.plan to
      info.picocli;
  opens io.solebox.app.power to
      info.picocli;
  opens io.solebox.app.quality to
      info.picocli;
  opens io.solebox.app.receipts to
      info.picocli;
  opens io.solebox.app.run to
      info.picocli;
  opens io.solebox.app.scout to
      info.picocli;
  opens io.solebox.app.serve to
      info.picocli;
  opens io.solebox.app.session to
      info.picocli;
  opens io.solebox.app.smoke to
      info.picocli;
  opens io.solebox.app.state to
      info.picocli;
  opens io.solebox.app.store to
      info.picocli;
  opens io.solebox.app.toolcalls to
      info.picocli;
  opens io.solebox.app.update to
      info.picocli;
  opens io.solebox.app.usage to
      info.picocli;
  opens io.solebox.app.users to
      info.picocli;
  opens io.solebox.app.watch to
      info.picocli;
}

/**
 * The marketplace watcher: finds cards that are for sale, tells what is worth a look, and never
 * tells it twice. It may live on another machine than the models, and is a service of its own.
 */
module io.solebox.scout {
  exports io.solebox.scout.card;
  exports io.solebox.scout.channel;
  exports io.solebox.scout.channel.discord;
  exports io.solebox.scout.channel.mail;
  exports io.solebox.scout.channel.matrix;
  exports io.solebox.scout.channel.ntfy;
  exports io.solebox.scout.channel.webhook;
  exports io.solebox.scout.item;
  exports io.solebox.scout.judge;
  exports io.solebox.scout.notice;
  exports io.solebox.scout.outbox;
  exports io.solebox.scout.page;
  exports io.solebox.scout.run;
  exports io.solebox.scout.settings;
  exports io.solebox.scout.source;
  exports io.solebox.scout.source.ebay;
  exports io.solebox.scout.source.feed;
  exports io.solebox.scout.source.shop;
  exports io.solebox.scout.story;
  exports io.solebox.scout.state;
  exports io.solebox.scout.text;
  exports io.solebox.scout.toml;
  exports io.solebox.scout.watch;

  requires io.solebox.engine;
  requires io.solebox.hardware;
  requires io.solebox.planner;
  requires io.solebox.storage;
  requires io.solebox.store;
  requires jdk.httpserver;
  requires com.fasterxml.jackson.annotation;
  requires java.xml;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires org.apache.commons.net;
  requires tools.jackson.dataformat.toml;

  // What is stored of them is written and read by their components.
  opens io.solebox.scout.card to
      tools.jackson.databind;
  opens io.solebox.scout.item to
      tools.jackson.databind;
  opens io.solebox.scout.judge to
      tools.jackson.databind;
  opens io.solebox.scout.notice to
      tools.jackson.databind;
  opens io.solebox.scout.story to
      tools.jackson.databind;
}

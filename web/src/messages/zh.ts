import type { Messages } from './en.ts';

const number = new Intl.NumberFormat('zh-CN');

/** “小明”“小明和阿达”“小明等 4 人”。 */
function names(first: string, second: string | undefined, count: number): string {
  if (count === 1 || second === undefined) return first;
  return count === 2 ? `${first}和${second}` : `${first}等 ${count} 人`;
}

export const zh: Messages = {
  tag: 'zh-CN',
  otherLanguage: 'English',
  app: '茶馆',

  name: '你的名字',
  enter: '进入',
  entering: '正在进入…',

  skipToBox: '跳到输入框',
  conversation: '聊天记录',
  write: '写消息',
  writeTo: (room) => `在${room}里说点什么`,
  send: '发送',
  keysHint: 'Enter 发送，Shift+Enter 换行',
  tooLong: '一条消息最多 16 KiB，这条太长了。缩短一些，或者分几条发。',

  people: '在座的人',
  peopleCount: (count) => `${number.format(count)} 人在座`,
  peopleMore: (count) => `还有 ${number.format(count)} 人`,
  you: '我',
  close: '关闭',
  menu: (nick) => `你是${nick}`,
  youAre: '你是',
  leave: '离开',
  leaveHint: '下次进来就是新客人了。',
  switchLanguage: 'Switch to English',

  beginning: (room) => `${room}的聊天从这里开始。`,
  loadingOlder: '正在取更早的消息…',
  missed: (count) => `错过了 ${number.format(count)} 条，往上翻就能看到。`,
  newMessages: (count) => `${number.format(count)} 条新消息`,
  toEnd: '回到最新消息',

  edited: '改过',
  takenBack: '已收回',
  came: (first, second, count) => `${names(first, second, count)}进来了`,
  went: (first, second, count) => `${names(first, second, count)}离开了`,
  topicSet: '把话题定为：',
  topicCleared: '清除了话题',
  isNow: '改名为',
  kicked: '被请了出去，经手人是',
  today: '今天',
  yesterday: '昨天',
  said: (nick) => `${nick}：`,
  alsoSaid: (count, nick) => `${nick}等人说了 ${count} 句`,

  sending: '正在发送',
  waiting: '等待发送',
  held: '等上面那条发出',
  notSent: '没有发出。',
  tryAgain: '再试一次',
  discard: '不发了',

  connecting: '正在连接…',
  nextTry: (seconds) => `${seconds} 秒后再试。`,
  tryNow: '现在就试',
  stopped: '没有连接。',

  invite: '邀请',
  inviteTitle: (room) => `请人来${room}`,
  emptyTitle: '这里还很安静',
  emptyText: '说第一句话，或者告诉别人怎么进来。',
  inBrowser: '任何浏览器，手机或电脑',
  onlyHere: '这个地址只能在这台电脑上用。',
  inTerminal: '在终端里（在 Teahouse 的源码目录下）',
  byHand: '只用 nc：连上，然后输入两行',
  copy: '复制',
  copied: '已复制',
  qrCode: (address) => `${address} 的二维码`,

  noRoom: (room) => `这里没有叫“${room}”的房间。`,
  openRoom: '开一间',
  toLobby: '去 lobby',
  outOfRoom: '你已经不在这个房间里了。',
  backIn: '再进来',

  errors: {
    bad_request: '服务器没看懂这个请求。',
    unknown_type: '服务器不会做这件事。',
    too_long: '太长了。',
    rate_limited: '太快了，稍等一下。',
    limit_reached: '到服务器的上限了，过一会儿再试。',
    login_required: '还没有进来。',
    login_failed: '离开太久了，报个名字再进来吧。',
    bad_nick: '这个名字不能用。1 到 32 个字，不要空格和 : * @ # / 这样的符号。',
    nick_taken: '用户名重复，换一个吧。',
    bad_room: '房间不能叫这个名字。',
    room_not_found: '没有这个房间。',
    room_exists: '已经有同名的房间了。',
    not_in_room: '你不在这个房间里。',
    forbidden: '你不能这样做。',
    banned: '你被禁止进入这个房间。',
    store_unavailable: '服务器暂时写不进去，会自动再试。',
    slow_consumer: '线路跟不上这个房间，正在重新连接。',
    kicked: '管理员请你离开了。',
    login_timeout: '等得太久了，再试一次。',
    server_stopping: '服务器正在停止，过一会儿就回来。',
    internal: '服务器出了错，再试一次。',
    unreachable: '连不上服务器。',
    not_teahouse: '这不是茶馆的服务器，或者版本不同。',
    disconnected: '连接断了。',
    timeout: '服务器没有回答，再试一次。',
    closed: '你已经离开。',
    dropped: '不发了。',
    other_person: '这是用另一个名字写的。还想说的话，再发一次。',
  },
};

/**
 * The words of share links of version 1, FROZEN: a link names a phrase by its place in this list, so no line may ever be
 * changed, moved or removed; a better list is a new version of the link beside this one. The first 127 cost one byte,
 * the others two. Made of the scenario language's own words and of what the first library says often.
 */
export const phrases: readonly string[] = ` == 
payment.ledger.filter(
"do":[{
,"check":"
.size()
,"do":[
 && 
,"operations":
}}}
.sum()
"when":"always"
x.order
.map(
'charge'
 l.type == 'refund')
"order":"order",
]}}
the
sum
() + 
l.amount
o.id
{"order":{
,"row":{
","broken":"
 - 
and
l.order
"order"
l.type
"update":"accounts",
"where":{"customer":"customer"},
{"columns":[
":"
x.type
"service":"shipping",
"nth":1,
"service":"payment",
payment.ledger.all(l, payment.ledger.filter(x, x.order == l.order &&
{"tables":{
"when":"eventually"
000
,"expect":{
"status":"'ACTIVE'"
,"services":
"update":"stock",
,"properties":
{"charge":{
"limit":1
"where":{"sku":"sku"},
s.available
"reply":"Refunded"
"change":"balance -= amount"
"otherwise":"INSUFFICIENT_FUNDS",
"require":"balance >= amount",
 x.type == 'charge').size())
"refusal":"ChargeRefused",
"reply":"Charged",
,"refund":{
,"sagas":
a.balance
payment.accounts.map(
 x.type == 'refund').size() <= 1)
,"MONEY":{
 !ledger.exists(l, l.order == order &&
 l.type == 'charge') &&
ledger.exists(l, l.order == order &&
{"if":"
"afterMs":31.123,
"b":"space-time",
"i":"tables"
"l":1,
"nth":1
"p":41,
"x":0.25,
{"s":{
,"LIVE":{
,"payment":
"orchestrator":"order",
"start":"PlaceOrder",
o.state
 payment.ledger.filter(x, x.order == o.id &&
"kind":"crash",
'ACTIVE'
inventory.reservations.filter(
r.status
"service":"order",
,"id":"
"charges":1,
"amount":"amount",
"atMs":"now"
"insert":"ledger"
"sagascope":1
{"reserve":{
"customer":"c1",
payment.ledger.all(
{"ship":{
"change":"available -= quantity"
"change":"status = 'SHIPPED'",
"otherwise":"OUT_OF_STOCK",
"refusal":"ReserveRefused",
"reply":"Reserved",
"reply":"Shipped",
"require":"available >= quantity",
"update":"inventory.reservations",
,"inventory":
,"release":{
,"shipping":{
 x.type == 'refund').size() &&
 x.type == 'refund').size() == 1 &&
"sagas":"sagas.size()",
,"ONE-CHARGE":{
,"STOCK":{
inventory.stock.map(
{"ATOM":{
,"observables":{
,"where":{
"update":"orders",
"where":{"id":"order"},
"id":"order",
"to":"order",
balance
longer
,"operations":{
 != 
 (o.state in ['REJECTED', 'CANCELLED'] &&
 += 
 -= 
 <= 
 = '
 == '
 == null
 >= 
 inventory.reservations.filter(r, r.status == 'ACTIVE').filter(r, r.order == o.id).size() == 0 &&
 inventory.stock.all(s, s.available >= 0)
 l.type == 'refund').size())
 order.orders.all(o, o.state != 'PENDING')
 payment.ledger.filter(l, l.order == o.id &&
 payment.ledger.filter(l, l.type == 'charge').size() == payment.ledger.filter(l, l.type == 'refund').size())
 shipping.shipments.filter(s, s.order == o.id).size() == 0))
 shipping.shipments.filter(s, s.order == o.id).size() == 1) ||
 x.type == 'charge').size() - payment.ledger.filter(x, x.order == l.order &&
 x.type == 'charge').size() - payment.ledger.filter(x, x.order == o.id &&
 x.type == 'charge').size() == payment.ledger.filter(x, x.order == o.id &&
 x.type == 'refund').size() <= payment.ledger.filter(x, x.order == l.order &&
 || 
","
","available":"
","balance":"
","change":"
","charges":"
","log":"
","messages":"
","order":"
","otherwise":"
","refunds":"
","refusal":"
","replies":"
","reserved":"
","saga":"
","sagas":"
","shipped":"
","text":"
","title":"
":[{"
":{"
"LIVE":{"when":"eventually","check":"sagas.all(s, s.ended)","broken":"Stuck: the trip saga never ended."}
"].
"a":[{
"accounts":{"columns":["customer","balance"],"key":"customer","rows":[{"customer":"c1","balance":1000}]},
"accounts":{"columns":["customer","balance"],"key":"customer","rows":[{"customer":"c1","balance":50}]},
"ack lost"
"acknowledge":
"acknowledge":"first"
"additionalProperties":
"after ack"
"after commit"
"after send"
"after sending"
"after"
"after":
"afterMs":
"afterMs":25.001,
"afterMs":41.001,
"always"
"amount"
"amount":100
"answers":"clients.first().answers"
"approve"
"approve":{"do":[{"update":"orders","where":{"id":"order"},"change":"state = 'APPROVED'"}]},
"as":
"as":"held"
"ask again"
"at once"
"atMs"
"atMs":
"atMs":12.001
"atMs":12.001,
"attemptsMax":
"available"
"available":3,
"available":4,
"available":5
"available":5,
"back"
"balance"
"balance":1000
"balance":1000,
"balance":800,
"balance":900,
"before commit"
"before sending"
"before transaction"
"before"
"between":
"between":[["payment"],["order","inventory","shipping"]],
"bookings":{"columns":["trip","day","status"]}
"both"
"breaks":
"breaks":["ATOM","LIVE"]
"breaks":["ATOM"]
"breaks":["LIVE"]
"breaks":["ONE-CHARGE","ATOM"]
"breaks":["ONE-CHARGE"]
"breaks":[]
"broken":
"broken":"A dirty window: the order says REJECTED while the money is still taken."
"broken":"A hidden debt: the saga says Compensated, and a refund is owed."
"broken":"Charged twice: one order has been paid more than once."
"broken":"Money out of nothing: refunds and charges no longer explain the balance."
"broken":"Neither all nor nothing: the order, the money and the goods disagree at the end."
"broken":"Stock does not add up: available, reserved and shipped no longer make 0."
"broken":"Stock does not add up: available, reserved and shipped no longer make 5."
"broken":"Stuck: a saga never ended, and nobody will move it."
"buffer"
"bus":
"bus":{"order":"none"},
"business key"
"by":
"byMs":
"byMs":20
"byMs":8000
"case":
"change":
"change":"available += held.quantity"
"change":"balance += amount"
"change":"free += 1"
"change":"free -= 1"
"change":"state = 'APPROVED'"
"change":"state = 'REJECTED'"
"change":"status = 'RELEASED'",
"chapter":
"chapter":"Sagas"
"charge"
"charges":"payment.ledger.filter(l, l.type == 'charge').size()",
"charges":0,
"charges":2,
"check then insert"
"check":
"check":"sagas.all(s, s.ended) && order.orders.all(o, o.state != 'PENDING')",
"choreographed"
"claim first"
"columns":
"columns":["customer","balance"],
"columns":["day","free"],
"columns":["order","sku","quantity","status"]
"columns":["sku","available"],
"compensatable"
"compensate"
"compensation":
"compensation":"refund"
"compensation":"refund",
"compensation":"reject"
"compensation":"release"
"compensation":"release",
"compensationRetry":
"compensationTimeoutMs":
"compensations":
"concurrency":
"conflict":
"conflicts":"conflicts"
"copies":
"crash"
"create"
"create":{"do":[{"insert":"orders","row":{"id":"order","customer":"customer","state":"'PENDING'"}}]},
"customer"
"customer":"customer"
"customer":"customer",
"default":
"delay"
"delete":
"deliveries":2
"deliveries":2,
"deliveriesMax":
"description":
"direction":
"do":
"do":[{"insert":"orders","row":{"id":"order","customer":"customer","state":"'PENDING'"},"conflict":"replace"}]
"drop"
"duplicate"
"durable":
"else":
"emits":
"emitsOnRefusal":
"enabled":
"endMs":
"ended":
"endedKeptMs":
"entriesMax":
"event":
"eventually"
"existing"
"expect":
"expect":{"charges":1,"replies":1,"deliveries":2,"saga":"Completed"},
"expect":{"deliveries":2,"charges":1,"replies":1,"saga":"Completed"},
"factor":
"fail"
"faults":
"faults":[{
"faults":[{"kind":"crash","service":"order","on":"Charged","point":"after commit","restartMs":1000}],
"faults":[{"kind":"crash","service":"payment","on":"charge","point":"after commit","restartMs":1000}]
"faults":[{"kind":"crash","service":"payment","on":"charge","point":"after commit","restartMs":1000}],
"faults":[{"kind":"crash","service":"payment","on":"charge","point":"after send","restartMs":1000}],
"faults":[{"kind":"crash","service":"payment","on":"charge","point":"before commit","restartMs":1000}]
"faults":[{"kind":"crash","service":"payment","on":"charge","point":"before commit","restartMs":1000}],
"faults":[{"kind":"crash","service":"payment","on":"charge","point":"on receipt","restartMs":1000}],
"faults":[{"kind":"delay","message":"charge","byMs":2000}],
"faults":[{"kind":"delay","message":"charge","byMs":8000}],
"faults":[{"kind":"drop","message":"Charged"}]
"faults":[{"kind":"drop","message":"Charged"}],
"faults":[{"kind":"drop","message":"Shipped"}],
"faults":[{"kind":"partition","between":[["order"],["payment"]],"untilMs":20000}],
"faults":[{"kind":"refuse","service":"payment","on":"refund","times":"always","reason":"ACCOUNT_CLOSED"}],
"faults":[{"kind":"slow","service":"payment","on":"charge","byMs":5980}],
"fence":
"fingerprint":
"first"
"fresh"
"from":
"from":"payment",
"fromMs":
"fromMs":55.001,
"guard":
"handlerMs":
"hopLimit":
"hopMs":
"id"
"id":
"id":"crash-points",
"id":"duplicate-start",
"id":"order"
"idempotencyKey":
"if":
"if":"held != null"
"if":"held != null",
"ignore"
"in transaction"
"inbox":
"initialMs":
"insert":
"insert":"orders"
"insert":"reservations"
"insert":"shipments"
"insert":"shipments",
"inventory"
"isolation":
"keep"
"key":
"key":"customer",
"key":"id"
"key":"sku"
"key":"sku",
"keys":
"kind":
"kind":"crash"
"kind":"delay"
"kind":"delay",
"kind":"drop"
"kind":"drop",
"kind":"duplicate",
"kind":"fail"
"kind":"fail",
"kind":"partition"
"kind":"partition",
"kind":"pivot"
"kind":"refuse",
"kind":"retriable"
"kind":"slow"
"kind":"slow",
"ledger":{"columns":["order","type","amount","atMs"]}
"lifetimeMs":
"limit":
"lock":
"log":["create","charge","reserve","ship","approve"]
"log":["create","charge","reserve","ship","approve"],
"maxMs":
"message id"
"message":
"message":"PlaceOrder"
"message":"charge",
"messages":"messages()"
"messages":"messages()",
"mode":
"n":12345
"n":12345,
"name":
"name":"approve",
"name":"charge",
"name":"create",
"name":"reserve",
"name":"ship"
"name":"ship",
"never"
"none"
"nth":
"observables":
"on receipt"
"on":
"on":"charge"
"on":"charge",
"onCompensationFailure":
"onError":
"onFailure":
"onRefusal":
"onRestart":
"onTimeout":
"operation":
"operation":"approve",
"operation":"charge",
"operation":"create",
"operation":"reserve",
"operation":"ship",
"operations":
"optimistic"
"orchestrated"
"orchestrator":
"order":
"order":"APPROVED",
"order":"PENDING",
"order":"REJECTED",
"order":"o1"
"order":"o1",
"orders":{"columns":["id","customer","state"],"key":"id"}
"otherwise":
"otherwise":"OUT_OF_STOCK"
"outbox":
"parallel"
"park"
"partition"
"patch":
"payload":
"payload":{"order":"o1","customer":"c1","amount":100},
"payment"
"per key"
"persist":
"pessimistic"
"pivot"
"point":
"point":"after commit",
"point":"before commit",
"point":"on receipt",
"positions":
"probability":
"properties":
"propertyNames":
"protections":
"protections":{"idempotencyKey":{}}
"protections":{"inbox":{"reply":"none"},"outbox":true}
"protections":{"inbox":{"reply":"none"}}
"publish":
"quantity"
"quantity":"quantity"
"quantity":"quantity",
"quantity":1,
"read committed"
"read":
"read":"reservations"
"read":"reservations",
"reason":
"redeliver"
"refunds":"payment.ledger.filter(l, l.type == 'refund').size()",
"refunds":0,
"refunds":1,
"refusal":
"refusal":"ShipRefused"
"refusal":"ShipRefused",
"refuse"
"refusedEvent":
"register":
"register":"before"
"reject":{"do":[{"update":"orders","where":{"id":"order"},"change":"state = 'REJECTED'"}]}
"remove"
"replace"
"replies":1,
"reply"
"reply":
"reply":"Released"
"reply":"Released",
"requests":
"requests":[{
"require":
"require":"free > 0",
"reservations":"inventory.reservations.size()"
"reservations":{"columns":["order","sku","quantity","status"]}
"reserve"
"reserveSent":
"reserved":"inventory.reservations.filter(r, r.status == 'ACTIVE').map(r, r.quantity).sum()",
"reserved":0,
"restartMs":
"restartMs":1000
"restartMs":8000
"resume":
"retentionMs":
"retriable"
"retry":
"retry":"temporal"
"retry":{"attemptsMax":2,"initialMs":0}
"retryRefusals":
"return":
"reverse"
"row":
"row":{"order":"order","sku":"sku","quantity":"quantity"}
"row":{"trip":"trip","day":"day","status":"'BOOKED'"}
"rows":
"rows":[{
"rows":[{"customer":"c1","balance":1000}]
"rows":[{"sku":"s1","available":0}]
"rows":[{"sku":"s1","available":5}]
"saga":"Compensated"
"saga":"Compensated",
"saga":"Completed"
"saga":"Completed",
"sagas":
"sagascope":
"sagascope":1,
"same"
"seed":
"send":
"serializable"
"service":
"service":"inventory",
"services":
"services":{"payment":{"protections":{"idempotencyKey":{}}}}
"services":{"payment":{"protections":{}}},
"settle"
"ship"
"shipments":{"columns":["order","sku","quantity"]}
"shipped":"shipping.shipments.map(s, s.quantity).sum()",
"shipped":0
"shipped":0,
"shipped":1,
"shipping"
"single transaction"
"sku"
"sku":"s1",
"sku":"sku"
"sku":"sku",
"slow"
"sometimes"
"speed":
"stage":
"start":
"state"
"state":"'PENDING'"
"status"
"status":"'BOOKED'"
"step functions"
"steps":
"steps":[{
"stock":{"columns":["sku","available"],"key":"sku","rows":[{"sku":"s1","available":0}]},
"stock":{"columns":["sku","available"],"key":"sku","rows":[{"sku":"s1","available":5}]},
"stop"
"stored"
"stores":
"style":
"subscriptions":
"successes and refusals"
"successes"
"tables":
"tables":{"orders":{"columns":["id","customer","state"],"key":"id"}}
"tables":{"shipments":{"columns":["order","sku","quantity"]}}
"tables":{"trips":{"columns":["id","state"],"key":"id"}}
"temporal"
"text":
"there"
"timeoutMs":
"timeoutMs":5000
"times":
"title":
"title":"Compensation delivered twice, or failing"
"title":"Compensation fails for good"
"title":"Crash-point matrix"
"title":"Lost response, client retries"
"title":"Started twice"
"to":
"to":"inventory",
"to":"order"
"to":"payment"
"to":"payment",
"trip":"trip",
"turn back"
"type"
"type":
"type":"'charge'",
"type":"'refund'",
"undoneEvent":
"unique":
"uniqueViolation":
"untilMs":
"untilMs":10055.001
"update":
"update":"accounts"
"update":"places",
"update":"reservations"
"update":"reservations",
"variants":
"visibilityMs":
"wait"
"when":
"when":"eventually",
"where":
"where":{"day":"day"},
"where":{"id":"order"}
"where":{"order":"order","status":"'ACTIVE'"},
"where":{"sku":"sku"}
"where":{"trip":"trip","status":"'BOOKED'"},
"with":
"work":
"workload":
"workload":{"requests":[{"to":"agency","message":"BookTrip","payload":{"trip":"t1","day":"friday"}}]}
"x":
"x":0.25
"y":
"},"
"},{"
"}]
"}}
' && 
') && !
', '
'BOOKED'
'PENDING'
'] && 
'refund'
) || (
,"LIVE":
,"MONEY":
,"ONE-CHARGE":
,"STOCK":
,"a":[
,"acknowledge":
,"additionalProperties":
,"after":
,"afterMs":
,"amount":
,"approve":
,"approve":{
,"as":
,"atMs":
,"attemptsMax":
,"available":"
,"b":"
,"between":
,"between":[
,"breaks":
,"breaks":[
,"broken":
,"bus":
,"by":
,"byMs":
,"case":
,"change":
,"change":"
,"chapter":
,"check":
,"columns":
,"compensation":
,"compensationRetry":
,"compensationTimeoutMs":
,"compensations":
,"concurrency":
,"conflict":
,"copies":
,"customer":
,"customer":"
,"default":
,"delete":
,"deliveriesMax":
,"description":
,"direction":
,"do":
,"durable":
,"else":
,"emits":
,"emitsOnRefusal":
,"enabled":
,"endMs":
,"ended":
,"endedKeptMs":
,"entriesMax":
,"event":
,"expect":
,"factor":
,"faults":
,"faults":[
,"fence":
,"fingerprint":
,"from":
,"fromMs":
,"guard":
,"handlerMs":
,"hopLimit":
,"hopMs":
,"id":
,"idempotencyKey":
,"if":
,"inbox":
,"initialMs":
,"insert":
,"isolation":
,"key":
,"keys":
,"kind":
,"ledger":
,"lifetimeMs":
,"limit":
,"lock":
,"log":[
,"maxMs":
,"message":
,"message":"
,"mode":
,"name":
,"nth":
,"observables":
,"on":
,"onCompensationFailure":
,"onError":
,"onFailure":
,"onRefusal":
,"onRestart":
,"onTimeout":
,"operation":
,"orchestrator":
,"order":
,"order":"
,"otherwise":
,"otherwise":"
,"outbox":
,"patch":
,"patch":{
,"payload":
,"payload":{
,"persist":
,"point":
,"positions":
,"probability":
,"propertyNames":
,"protections":
,"protections":{
,"publish":
,"quantity":
,"read":
,"reason":
,"refund":
,"refusal":
,"refusedEvent":
,"register":
,"reject":
,"reject":{
,"release":
,"reply":
,"requests":
,"require":
,"require":"
,"reservations":
,"reservations":{
,"reserved":"
,"restartMs":
,"resume":
,"retentionMs":
,"retry":
,"retryRefusals":
,"return":
,"row":
,"rows":
,"rows":[
,"saga":"
,"sagascope":
,"seed":
,"send":
,"service":
,"shipping":
,"speed":
,"stage":
,"start":
,"start":"
,"state":"
,"status":"
,"steps":
,"steps":[
,"stores":
,"style":
,"subscriptions":
,"tables":
,"text":
,"text":"
,"timeoutMs":
,"times":
,"title":
,"title":"
,"to":
,"type":
,"type":"
,"undoneEvent":
,"unique":
,"uniqueViolation":
,"untilMs":
,"update":
,"variants":
,"visibilityMs":
,"when":
,"where":
,"with":
,"work":
,"workload":
,"workload":{
,"x":
,"y":
.all(
.exists(
.filter(
:[],
:{}
APPROVED
CANCELLED
ChargeRefused
Charged
Charged 
Charged twice: 
Charged twice: one order has been paid more than once.
Compensated
Completed
INSUFFICIENT_FUNDS
Money
Money out of nothing: 
Neither
Neither all nor nothing: 
OUT_OF_STOCK
PlaceOrder
REJECTED
RELEASED
Refunded
Released
ReserveRefused
Reserved
SHIPPED
ShipRefused
Shipped
Stock does not add up: 
Stuck: 
Stuck: a saga never ended, and nobody will move it.
["payment"]
accounts
amount
available
available += held.quantity
available -= quantity
available >= quantity
balance >= amount
been
bookings
car.bookings.filter(b, b.status == 'BOOKED').size()
charge
charges
compensation
deliveries
disagree
ended
explain
false
flight.bookings.filter(b, b.status == 'BOOKED').size()
goods
held != null
held.quantity
hotel.bookings.filter(b, b.status == 'BOOKED').size()
inventory
inventory.reservations
inventory.reservations.filter(r, r.status == 'ACTIVE').map(r, r.quantity).sum() 
inventory.stock
inventory.stock.all(
ledger
ledger.exists(
make
messages()
money
more
move
never
nobody
nothing
null
once
orchestrator
order
order 
order.orders
order.orders.all(
order.orders.all(o, (o.state == 'APPROVED' &&
order.orders.all(o, o.state != 'REJECTED' ||
orders
paid 
payment
payment.accounts
payment.ledger.filter(l, l.type == 'charge').size()
payment.ledger.filter(l, l.type == 'refund').size()
quantity
r.order
r.quantity
refund
refunds
reject
release
reservations
reserved
s.ended
s.order
s.quantity
saga
sagas.all(
sagas.all(s, s.ended) &&
sagas.all(s, s.status != 'Compensated' ||
sagas.size()
shipments
shipped
shipping
shipping.shipments.filter(
shipping.shipments.map(
shipping.shipments.map(s, s.quantity).sum()
space-time
state
state = 'APPROVED'
state = 'REJECTED'
status
status = 'RELEASED'
status = 'SHIPPED'
stock
than
true
twice
will
{"ATOM":
{"ONE-CHARGE":
{"ONE-CHARGE":{
{"accounts":
{"accounts":{
{"acknowledge":
{"additionalProperties":
{"after":
{"afterMs":
{"as":
{"atMs":
{"attemptsMax":
{"between":
{"breaks":
{"broken":
{"bus":
{"by":
{"byMs":
{"case":
{"change":
{"chapter":
{"charge":
{"charges":"
{"check":
{"columns":
{"compensation":
{"compensationRetry":
{"compensationTimeoutMs":
{"compensations":
{"concurrency":
{"conflict":
{"copies":
{"create":
{"create":{
{"customer":
{"customer":"
{"default":
{"delete":
{"deliveriesMax":
{"description":
{"direction":
{"do":
{"do":[
{"durable":
{"else":
{"emits":
{"emitsOnRefusal":
{"enabled":
{"endMs":
{"ended":
{"endedKeptMs":
{"entriesMax":
{"event":
{"expect":
{"factor":
{"faults":
{"fence":
{"fingerprint":
{"from":
{"fromMs":
{"guard":
{"handlerMs":
{"hopLimit":
{"hopMs":
{"id":
{"idempotencyKey":
{"if":
{"inbox":
{"initialMs":
{"insert":
{"insert":"
{"insert":"bookings","row":{"trip":"trip","day":"day","status":"'BOOKED'"}}
{"insert":"ledger","row":{"order":"order","type":"'charge'","amount":"amount","atMs":"now"}}
{"insert":"ledger","row":{"order":"order","type":"'refund'","amount":"amount","atMs":"now"}}
{"insert":"reservations","row":{"order":"order","sku":"sku","quantity":"quantity","status":"'ACTIVE'"}}
{"insert":"shipments","row":{"order":"order","sku":"sku","quantity":"quantity"}}
{"isolation":
{"key":
{"keys":
{"kind":
{"kind":"crash","service":"payment","atMs":12.001,"restartMs":8000}
{"kind":"crash","service":"payment","nth":1,"point":"on receipt","restartMs":8000}
{"kind":"delay","to":"inventory","afterMs":41.001,"nth":1,"byMs":8000}
{"kind":"drop","from":"payment","to":"order","afterMs":25.001,"nth":1}
{"kind":"duplicate","to":"payment","afterMs":25.001,"nth":1,"byMs":20}
{"kind":"fail","service":"shipping","afterMs":31.123,"nth":1}
{"kind":"partition","between":[["payment"],["order","inventory","shipping"]],"fromMs":55.001,"untilMs":10055.001}
{"kind":"refuse","service":"shipping","afterMs":31.123,"nth":1}
{"kind":"refuse","service":"shipping","on":"ship","reason":"ADDRESS_UNDELIVERABLE"}
{"kind":"slow","service":"shipping","afterMs":31.123,"nth":1,"byMs":8000}
{"lifetimeMs":
{"limit":
{"lock":
{"maxMs":
{"message":
{"mode":
{"name":
{"name":"approve","service":"order","operation":"approve","kind":"retriable"}
{"name":"charge","service":"payment","operation":"charge","compensation":"refund","after":["create"]}
{"name":"charge","service":"payment","operation":"charge","compensation":"refund","timeoutMs":0,"retry":"temporal"}
{"name":"charge","service":"payment","operation":"charge","compensation":"refund","timeoutMs":5000}
{"name":"charge","service":"payment","operation":"charge","compensation":"refund"}
{"name":"create","service":"order","operation":"create","compensation":"reject"}
{"name":"reserve","service":"inventory","operation":"reserve","compensation":"release","after":["create"]}
{"name":"reserve","service":"inventory","operation":"reserve","compensation":"release"}
{"name":"ship","service":"shipping","operation":"ship","kind":"pivot","after":["charge","reserve"]}
{"name":"ship","service":"shipping","operation":"ship","kind":"pivot","timeoutMs":5000}
{"name":"ship","service":"shipping","operation":"ship","kind":"pivot"}
{"nth":
{"observables":
{"on":
{"onCompensationFailure":
{"onError":
{"onFailure":
{"onRefusal":
{"onRestart":
{"onTimeout":
{"operation":
{"operations":
{"orchestrator":
{"order":
{"orders":
{"otherwise":
{"outbox":
{"patch":
{"payload":
{"payment":
{"payment":{
{"persist":
{"point":
{"positions":
{"probability":
{"properties":
{"propertyNames":
{"protections":
{"publish":
{"read":
{"read":"
{"read":"bookings","where":{"trip":"trip","status":"'BOOKED'"},"as":"held"}
{"read":"payments","where":{"order":"order"},"as":"paid"}
{"read":"reservations","where":{"order":"order","status":"'ACTIVE'"},"as":"held"}
{"reason":
{"refusal":
{"refusedEvent":
{"register":
{"reply":
{"reply":"
{"requests":
{"requests":[
{"require":
{"reserve":
{"restartMs":
{"resume":
{"retentionMs":
{"retry":
{"retryRefusals":
{"return":
{"row":
{"rows":
{"sagas":
{"sagascope":
{"seed":
{"send":
{"service":
{"services":
{"ship":
{"shipments":
{"sku":"s1","available":0}
{"sku":"s1","available":5}
{"speed":
{"stage":
{"start":
{"steps":
{"stock":
{"stock":{
{"stores":
{"style":
{"subscriptions":
{"tables":
{"text":
{"timeoutMs":
{"times":
{"title":
{"title":"
{"to":
{"to":"order","message":"PlaceOrder","payload":{"order":"o1","customer":"c1","sku":"s1","quantity":1,"amount":100}}
{"type":
{"undoneEvent":
{"unique":
{"uniqueViolation":
{"untilMs":
{"update":
{"update":"
{"update":"accounts","where":{"customer":"customer"},"change":"balance += amount"}
{"update":"bookings","where":{"trip":"trip","status":"'BOOKED'"},"change":"status = 'CANCELLED'"}
{"update":"places","where":{"day":"day"},"change":"free += 1"}
{"update":"places","where":{"day":"day"},"require":"free > 0","otherwise":"NO_CAR","change":"free -= 1"}
{"update":"places","where":{"day":"day"},"require":"free > 0","otherwise":"NO_ROOM","change":"free -= 1"}
{"update":"places","where":{"day":"day"},"require":"free > 0","otherwise":"NO_SEAT","change":"free -= 1"}
{"update":"reservations","where":{"order":"order","status":"'ACTIVE'"},"change":"status = 'RELEASED'","limit":1}
{"update":"stock","where":{"sku":"sku"},"change":"available += held.quantity"}
{"variants":
{"visibilityMs":
{"when":
{"where":
{"with":
{"work":
{"workload":
{"x":
{"y":
},"`.split('\n')

import { isSafeAddress, loopback } from './address';

afterEach(() => {
  loopback.isAllowed = false;
});

test('T78: this machine is an address only while a system is being made', () => {
  const own = ['http://localhost:3000/x', 'http://127.0.0.1/x', 'http://[::1]:3000/'];
  expect(own.map(isSafeAddress)).toEqual([false, false, false]);
  loopback.isAllowed = true;
  expect(own.map(isSafeAddress)).toEqual([true, true, true]);
  expect(isSafeAddress('http://127.0.0.1.eksempel.dk/')).toBe(false);
});
